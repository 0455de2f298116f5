/**
 * A runner in a process of its own, which kills itself with SIGKILL when it has sent its nth message to the server,
 * over whichever connection. Arguments: address as JSON, folder, direction, n.
 */
import { Client } from 'pg';
import { killAtMessage } from '../testing/kill-at-message.ts';
import { readMigrations } from './files.ts';
import { migrateDown, migrateUp } from './runner.ts';

const [address = '', folder = '', direction, last = ''] = process.argv.slice(2);
const session = new Client(JSON.parse(address));
await session.connect();

killAtMessage(Number(last));

const migrations = readMigrations(folder);
if (direction === 'up') await migrateUp(session, { migrations });
else await migrateDown(session, { migrations, allowDataLoss: true });
await session.end();
