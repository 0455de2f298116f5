/** The process of the Ctrl-C test: a unit of work, and a handler that closes the database as the hub does. */
import { isHubError } from '@quantum-hub/kernel';
import { getDb, openDatabase } from '../db.ts';

const { connection, id, actor, text } = JSON.parse(process.env.CHILD ?? '{}');
const database = await openDatabase({ connection, service: 'test' });
const scope = { as: 'execution', actor } as const;

process.once('SIGINT', async () => {
  const closed = database.close();
  console.log('interrupted');
  await getDb(async () => {}, scope).catch((error) => {
    console.log(`new work: ${isHubError(error) ? error.code : error}`);
  });
  await closed;
  console.log('closed');
});

await getDb(async (db) => {
  await db.query('insert into scratch.notes (id, owner, text) values ($1, $2, $3)', [id, actor, text]);
  console.log('working');
  await db.query(`update scratch.counters set value = value where name = 'a'`);
}, scope);
console.log('committed');
