/**
 * Detaches in a process of its own, which kills itself with SIGKILL when it has sent its nth message to the server.
 * Arguments: address as JSON, `now` in ISO 8601, n.
 */
import { Client } from 'pg';
import { detachPartitions } from './detach-partitions.ts';

const [address = '', now = '', last = ''] = process.argv.slice(2);
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

await detachPartitions(session, { now: new Date(now), keepMonths: 1 });
await session.end();
