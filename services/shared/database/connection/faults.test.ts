import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { type HubError, isHubError } from '@quantum-hub/kernel';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.ts';
import { connectAdmin } from './admin-connection.ts';
import type { Database } from './database.ts';
import type { Session } from './session.ts';
import { openTestHub, type TestHub } from './test-hub.ts';

let hub: TestHub;
let proxy: TcpProxy;

before(async () => {
  hub = await openTestHub();
  proxy = await startTcpProxy(hub.settings);
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

const scope = { as: 'execution', actor: randomUUID() } as const;
const insert = 'insert into scratch.notes (id, owner, text) values ($1, $2, $3)';

function throughProxy(max = 2): Database {
  return hub.open({ connection: { ...hub.settings, host: proxy.host, port: proxy.port }, pool: { max } });
}

function rejectedWith(work: Promise<unknown>, code: HubError['code'], text: RegExp): Promise<void> {
  return assert.rejects(work, (error) => {
    assert.ok(isHubError(error, code), `${code}: ${error}`);
    assert.match(error.message, text);
    return true;
  });
}

test('a cut network inside a transaction is one clear error, nothing is written, and the pool recovers', async () => {
  const database = throughProxy();
  const id = randomUUID();
  const work = database.getDb(async (db) => {
    await db.query(insert, [id, scope.actor, 'cut']);
    proxy.cut();
    await db.query('select 1');
  }, scope);
  await rejectedWith(work, 'database.connection_lost', /lost; nothing was written/);
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where id = $1', [id]), 0);
  await database.getDb((db) => db.query('select 1'), scope);
});

test('lost during COMMIT, the error says that the outcome is unknown, and nothing is tried again', async () => {
  const database = throughProxy();
  const id = randomUUID();
  let runs = 0;
  proxy.onMessage = ({ type, body }) => {
    if (type === 'Q' && /^commit/.test(body.toString())) proxy.onAnswer = () => proxy.cut();
  };
  const work = database.getDb((db) => {
    runs += 1;
    return db.query(insert, [id, scope.actor, `commit ${id}`]);
  }, scope);
  await rejectedWith(work, 'database.connection_lost', /unknown: it was lost during COMMIT/);
  proxy.onMessage = proxy.onAnswer = () => {};
  assert.equal(runs, 1);
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where id = $1', [id]), 1);
});

test('lost before COMMIT is sent, the error says that nothing was written', async () => {
  const database = throughProxy();
  const work = database.getDb(async (db) => {
    const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
    await hub.test.admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    // The client must have heard of it: its end of the connection closes the moment the server's does.
    await new Promise<void>((done) => {
      const check = () => (proxy.connections === 0 ? done() : setImmediate(check));
      check();
    });
    await new Promise((done) => setImmediate(done));
  }, scope);
  await rejectedWith(work, 'database.connection_lost', /nothing was written/);
});

test('connections that died while idle are replaced without a word', async () => {
  const database = throughProxy(3);
  await Promise.all([1, 2, 3].map(() => database.getDb((db) => db.query('select pg_sleep(0.05)'), scope)));
  const before = proxy.connections;
  assert.equal(before, 3);
  // The answer to BEGIN never comes: from the pool's view the connection breaks the moment it is used again.
  let cuts = 0;
  proxy.onMessage = ({ type, body }) => {
    if (cuts < 1 && type === 'Q' && /^begin/.test(body.toString())) {
      cuts += 1;
      proxy.cut();
    }
  };
  await database.getDb((db) => db.query('select 1'), scope);
  proxy.onMessage = () => {};
  assert.equal(cuts, 1);
});

test('work on a connection that died while idle runs again, on one that answers; where it may run only once, it is begun after that', async () => {
  for (const tries of [undefined, 1]) {
    const database = throughProxy(1);
    await database.getDb((db) => db.query('select 1'), scope);
    let cuts = 0;
    proxy.onMessage = ({ type, body }) => {
      if (cuts < 1 && type === 'Q' && /^begin/.test(body.toString())) {
        cuts += 1;
        proxy.cut();
      }
    };
    let runs = 0;
    const id = randomUUID();
    const work = (db: Session) => {
      runs += 1;
      return db.query(insert, [id, scope.actor, `ahead ${id}`]);
    };
    await database.getDb(work, { ...scope, ...(tries !== undefined && { tries }) });
    proxy.onMessage = () => {};
    assert.deepEqual([cuts, runs], [1, tries === 1 ? 1 : 2]);
    assert.equal(await hub.ask('select count(*)::int from scratch.notes where id = $1', [id]), 1);
  }
});

test('a terminated session gives the same clear error, through every door', async () => {
  const database = throughProxy();
  for (const door of ['query', 'em'] as const) {
    const work = database.getDb(async (db) => {
      const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
      const running =
        door === 'query' ? db.query('select pg_sleep(30)') : db.em.execute('select pg_sleep(30)');
      await Promise.all([running, hub.test.admin.query('select pg_terminate_backend($1)', [rows[0]?.pid])]);
    }, scope);
    await rejectedWith(work, 'database.connection_lost', /nothing was written/);
  }
});

test('a server that hangs is given up after the answer timeout', async () => {
  const database = throughProxy();
  const work = database.getDb(
    async (db) => {
      await db.query('select 1');
      proxy.hold();
      await db.query('select 2');
    },
    { ...scope, answerTimeoutMs: 200 },
  );
  await rejectedWith(work, 'database.connection_lost', /nothing was written/);
  proxy.cut();
});

test('a full pool is a clear error with its size, and later work gets a connection', async () => {
  const database = hub.open({ pool: { max: 1, connectTimeoutMs: 150 } });
  const { promise: finish, resolve } = Promise.withResolvers<void>();
  const holder = database.getDb(async (db) => {
    await db.query('select 1');
    await finish;
  }, scope);
  await rejectedWith(
    database.getDb((db) => db.query('select 1'), scope),
    'database.pool_exhausted',
    /none of the 1 connections became free within 150 ms; raise POSTGRES_POOL_MAX/,
  );
  resolve();
  await holder;
  await database.getDb((db) => db.query('select 1'), scope);
});

test('wrong addresses, passwords and names are told apart, and a password is never shown', async () => {
  const { host, port } = hub.settings;
  const hang = createServer();
  const sockets: Socket[] = [];
  hang.on('connection', (socket) => sockets.push(socket));
  await once(hang.listen(0, '127.0.0.1'), 'listening');
  const hangPort = (hang.address() as { port: number }).port;
  const cases: [Partial<TestHub['settings']>, HubError['code'], RegExp][] = [
    [{ port: 1 }, 'database.unreachable', /127\.0\.0\.1:1 \(the connection was refused\)/],
    [{ host: 'no-such-host.invalid' }, 'database.unreachable', /no-such-host\.invalid:\d+ \(the host name/],
    [{ host: '/nowhere' }, 'database.unreachable', /there is no such socket/],
    [{ port: 1 }, 'database.unreachable', /start it, or correct POSTGRES_HOST and POSTGRES_PORT$/],
    [{ port: 1, embedded: true }, 'database.unreachable', /start it with `npx qhub db server start`$/],
    [{ port: hangPort }, 'database.unreachable', /no answer in time/],
    [{ password: 'pLaNtEd' }, 'database.wrong_password', /refused the password of the login "quantum_user"/],
    [{ password: undefined }, 'database.wrong_password', /refused the password/],
    [{ user: 'nobody_here' }, 'database.wrong_password', /login "nobody_here"/],
    [{ database: 'nothing_here' }, 'database.unknown_database', /no database "nothing_here"/],
    [{ tls: { mode: 'require' } }, 'database.tls_failed', /does not support SSL.*POSTGRES_SSLMODE/],
  ];
  for (const [change, code, text] of cases) {
    const settings = { ...hub.settings, host, port, ...change };
    const database = hub.open({ connection: settings, pool: { connectTimeoutMs: 500 } });
    const work = database.getDb((db) => db.query('select 1'), scope);
    await rejectedWith(work, code, text);
    await rejectedWith(connectAdmin(settings, { service: 'test', connectTimeoutMs: 500 }), code, text);
    const health = await database.health();
    assert.ok(!health.ok && health.code === code);
    await assert.rejects(
      work,
      (error: HubError) => !`${error.message}${error.publicMessage}`.includes('pLaNtEd'),
    );
    assert.doesNotMatch(
      await work.then(
        () => '',
        (error: HubError) => error.publicMessage,
      ),
      /127\.0\.0\.1|quantum_user/,
    );
  }
  for (const socket of sockets) socket.destroy();
  hang.close();
});

test('a role that the login cannot assume runs no work, and the message says what to do', async () => {
  await hub.open().checkRoles(['execution', 'worker']);
  await rejectedWith(
    hub.open().checkRoles(['execution', 'maintenance']),
    'database.role_unavailable',
    /login "quantum_user" cannot act as the role "qhub_maintenance".*npx qhub db provision/,
  );
});

test('an abort stops the running statement on the server and rolls back', async () => {
  const database = hub.open({ pool: { max: 1 } });
  const controller = new AbortController();
  const id = randomUUID();
  const work = database.getDb(
    async (db) => {
      await db.query(insert, [id, scope.actor, 'aborted']);
      const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
      const sleeping = db.query('select pg_sleep(30)');
      for (;;) {
        const state = await hub.ask('select wait_event from pg_stat_activity where pid = $1', [rows[0]?.pid]);
        if (state === 'PgSleep') break;
      }
      controller.abort();
      await sleeping;
    },
    { ...scope, signal: controller.signal },
  );
  await rejectedWith(
    work,
    'database.cancelled',
    /the signal of its caller was aborted; nothing was written|cancelled/,
  );
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where id = $1', [id]), 0);
  await database.getDb((db) => db.query('select 1'), scope);
  await rejectedWith(
    database.getDb((db) => db.query('select 1'), { ...scope, signal: AbortSignal.abort() }),
    'database.cancelled',
    /aborted before/,
  );
});
