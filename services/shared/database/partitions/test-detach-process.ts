/**
 * Detaches in a process of its own, which kills itself with SIGKILL when it has sent its nth message to the server.
 * Arguments: address as JSON, `now` in ISO 8601, n.
 */
import { Client } from 'pg';
import { killAtMessage } from '../testing/kill-at-message.ts';
import { detachPartitions } from './detach-partitions.ts';

const [address = '', now = '', last = ''] = process.argv.slice(2);
const session = new Client(JSON.parse(address));
await session.connect();

killAtMessage(Number(last));

await detachPartitions(session, { now: new Date(now), keepMonths: 1 });
await session.end();
