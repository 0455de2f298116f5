/** Prunes the folder that it is given down to one backup, to be killed while it does. */
import { localStore } from '../store/local-store.ts';
import { pruneBackups } from './prune-backups.ts';

const none = { last: 0, daily: 0, weekly: 0, monthly: 0 };
const [folder = ''] = process.argv.slice(2);
await pruneBackups(localStore(folder), none, {
  verified: new Set(),
  onRemoved: (name) => process.stdout.write(`${name}\n`),
});
