/**
 * A runner in a process of its own, which kills itself with SIGKILL when it has sent its nth message to the server,
 * over whichever connection. Arguments: address as JSON, folder, direction, n.
 */
import { Client } from 'pg';
import { readMigrations } from './files.ts';
import { migrateDown, migrateUp } from './runner.ts';

const [address = '', folder = '', direction, last = ''] = process.argv.slice(2);
const session = new Client(JSON.parse(address));
await session.connect();

const send = Client.prototype.query as unknown as (...args: unknown[]) => unknown;
let sent = 0;
Client.prototype.query = function query(this: Client, ...args: unknown[]) {
  const result = send.apply(this, args);
  sent += 1;
  if (sent === Number(last)) process.kill(process.pid, 'SIGKILL');
  return result;
} as typeof Client.prototype.query;

const migrations = readMigrations(folder);
if (direction === 'up') await migrateUp(session, { migrations });
else await migrateDown(session, { migrations, allowDataLoss: true });
await session.end();
