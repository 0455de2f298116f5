import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isHubError } from '@quantum-hub/kernel';
import { getAsyncDb, getDb, openDatabase } from '../db.ts';
import { connectAdmin } from './admin-connection.ts';
import { openTestHub, type TestHub } from './test-hub.ts';

let hub: TestHub;

before(async () => {
  hub = await openTestHub();
});
after(() => hub[Symbol.asyncDispose]());

const scope = { as: 'execution', actor: randomUUID() } as const;
const insert = 'insert into scratch.notes (id, owner, text) values ($1, $2, $3)';

test('closing waits for work in flight and refuses new work', async () => {
  const database = hub.open();
  const id = randomUUID();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const { promise: finish, resolve } = Promise.withResolvers<void>();
  const work = database.getDb(async (db) => {
    await db.query(insert, [id, scope.actor, 'in flight']);
    start();
    await finish;
  }, scope);
  await started;
  const closed = database.close();
  await assert.rejects(
    database.getDb((db) => db.query('select 1'), scope),
    (error) => isHubError(error, 'database.closing'),
  );
  await assert.rejects(database.getAsyncDb(scope), (error) => isHubError(error, 'database.closing'));
  resolve();
  await Promise.all([work, closed, database.close()]);
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where id = $1', [id]), 1);
  assert.deepEqual({ ...database.poolFigures(), max: 0 }, { total: 0, idle: 0, waiting: 0, max: 0 });
});

test('what is not done at the deadline is cancelled, whatever it waits for, and nothing of it is written', async () => {
  const database = hub.open();
  const id = randomUUID();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const forever = new Promise<void>(() => {});
  const waiting = database.getDb(async (db) => {
    await db.query(insert, [id, scope.actor, 'too late']);
    start();
    await forever;
  }, scope);
  const sleeping = database.getDb((db) => db.query('select pg_sleep(60)'), scope);
  const session = await database.getAsyncDb(scope);
  await started;
  const outcomes = Promise.allSettled([waiting, sleeping]);
  await database.close({ deadlineMs: 50 });
  for (const outcome of await outcomes) {
    assert.ok(outcome.status === 'rejected' && isHubError(outcome.reason, 'database.cancelled'));
    assert.match(outcome.reason.message, /was closed and 50 ms were over; nothing was written/);
  }
  await assert.rejects(session.query('select 1'), (error) => isHubError(error, 'database.cancelled'));
  await session[Symbol.asyncDispose]();
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where id = $1', [id]), 0);
});

test('the doors serve the one database of the process, and say so when there is none', async () => {
  await assert.rejects(
    getDb(async () => {}, scope),
    (error) => isHubError(error, 'database.not_open'),
  );
  await assert.rejects(getAsyncDb(scope), (error) => isHubError(error, 'database.not_open'));
  const options = { connection: hub.settings, service: 'door' };
  await assert.rejects(openDatabase({ ...options, roles: ['maintenance'] }), (error) =>
    isHubError(error, 'database.role_unavailable'),
  );
  const database = await openDatabase({ ...options, roles: ['execution', 'worker'] });
  await assert.rejects(openDatabase(options), (error) => isHubError(error, 'database.already_open'));
  const name = `select current_setting('application_name') as name`;
  assert.deepEqual((await getDb((db) => db.query(name), scope)).rows, [{ name: 'quantum-hub:door' }]);
  await database.close();
  await assert.rejects(
    getDb(async () => {}, scope),
    (error) => isHubError(error, 'database.not_open'),
  );
});

test("a terminal's Ctrl-C during a unit of work: it finishes, is committed, and the process ends in order", async () => {
  const id = randomUUID();
  const text = `ctrl-c ${id}`;
  // The row lock holds the child in the middle of its unit of work until the signal was sent.
  await using admin = await connectAdmin(hub.test.administrator, { service: 'test' });
  await admin.query(`begin; update scratch.counters set value = value where name = 'a'`);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./interrupted-child.ts'))], {
    env: {
      ...process.env,
      CHILD: JSON.stringify({ connection: hub.settings, id, actor: scope.actor, text }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const on = new Map<string, () => void>([
    ['working', () => child.kill('SIGINT')],
    ['interrupted', () => void admin.query('rollback')],
  ]);
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
    for (const [word, act] of on) if (output.includes(word) && on.delete(word)) act();
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, output);
  assert.match(output, /working\ninterrupted\nnew work: database\.closing\ncommitted\nclosed\n/);
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where text = $1', [text]), 1);
});
