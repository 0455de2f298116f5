import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { getAsyncDb, getDb, openDatabase } from '../db.ts';
import { startTestServer } from '../testing/index.ts';
import { connectAdmin } from './admin-connection.ts';
import { Database } from './database.ts';
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
  const child = spawn(process.execPath, [`${import.meta.dirname}/interrupted-child.ts`], {
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

test('a server restart under a running pool: work in flight fails clearly, later work succeeds', async () => {
  await using server = await startTestServer();
  const settings = {
    host: server.host,
    port: server.port,
    user: server.adminUser,
    password: server.adminPassword,
    database: 'postgres',
  };
  {
    await using admin = await connectAdmin(settings, { service: 'test' });
    await admin.query('create role qhub_execution nologin');
  }
  await using database = new Database({ connection: settings, service: 'test', pool: { max: 4 } });
  const select = () => database.getDb((db) => db.query('select 1'), scope);
  await Promise.all([select(), select(), select()]);
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const inFlight = database.getDb(async (db) => {
    await db.query('select 1');
    const sleeping = db.query('select pg_sleep(60)');
    start();
    await sleeping;
  }, scope);
  const failed = assert.rejects(inFlight, (error) => isHubError(error, 'database.connection_lost'));
  await started;
  await server.halt('fast');
  await failed;
  await assert.rejects(select(), (error) => isHubError(error, 'database.unreachable'));
  assert.equal((await database.health()).ok, false);
  await server.resume();
  await Promise.all([select(), select(), select()]);
  assert.equal((await database.health()).ok, true);
  await server.halt('kill');
  await server.resume();
  await Promise.all([select(), select(), select()]);
});

test('a server without free connections is a clear error, and work goes on when there are some again', async () => {
  await hub.test.admin.query(`alter role quantum_user connection limit 2`);
  try {
    const [first, second] = [hub.open({ pool: { max: 2 } }), hub.open()];
    const held = [await first.getAsyncDb(scope), await first.getAsyncDb(scope)];
    const work = second.getDb((db) => db.query('select 1'), scope);
    await assert.rejects(work, (error) => {
      assert.ok(isHubError(error, 'database.too_many_connections'), String(error));
      assert.match(error.message, /lower POSTGRES_POOL_MAX or raise its max_connections/);
      return true;
    });
    for (const session of held) await session.rollback();
    await first.close();
    await second.getDb((db) => db.query('select 1'), scope);
  } finally {
    await hub.test.admin.query(`alter role quantum_user connection limit -1`);
  }
});
