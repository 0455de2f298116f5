/**
 * A backup or a restore in a process of its own, to be killed, in a folder or a bucket. Says `begun` when everything is loaded; the database is in
 * the environment, as for `qhub`.
 */
import { readDatabaseConfig } from '../config.ts';
import { openPlace } from '../setup/database-place.ts';
import { createBackup } from './create/create-backup.ts';
import { restoreBackup } from './restore/restore-backup.ts';
import { readBackupConfig } from './settings.ts';
import { openStore } from './store/open-store.ts';

const [work, at = '', name = '', jobs = '1'] = process.argv.slice(2);
const store = await openStore(readBackupConfig({ place: at }).place);
await using place = await openPlace(readDatabaseConfig(), { purpose: 'test' });
process.stdout.write('begun\n');
if (work === 'create') await createBackup(place, store, { jobs: Number(jobs) });
else await restoreBackup(place, { kind: 'backup', store, name }, { force: true, jobs: Number(jobs) });
process.stdout.write(`peak ${process.resourceUsage().maxRSS}\n`);
