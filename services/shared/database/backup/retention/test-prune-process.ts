/** Prunes the folder or bucket that it is given down to one backup, to be killed while it does. */
import { readBackupConfig } from '../settings.ts';
import { openStore } from '../store/open-store.ts';
import { pruneBackups } from './prune-backups.ts';

const none = { last: 0, daily: 0, weekly: 0, monthly: 0 };
const [place = ''] = process.argv.slice(2);
await pruneBackups(await openStore(readBackupConfig({ place }).place), none, {
  verified: new Set(),
  onRemoved: (name) => process.stdout.write(`${name}\n`),
});
