/** What concerns a whole server (its restart, its logins, its roles) happens on one of its own. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import type { ThrowawayServer } from '../server/index.ts';
import { startTestServer } from '../testing/index.ts';
import { connectAdmin } from './admin-connection.ts';
import type { ConnectionSettings } from './client.ts';
import { Database } from './database.ts';

let server: ThrowawayServer;
const scope = { as: 'execution', actor: randomUUID() } as const;

function settings(user: string, password: string): ConnectionSettings {
  return { host: server.host, port: server.port, user, password, database: 'postgres' };
}

function open(max: number): Database {
  return new Database({ connection: settings('app', 'app'), service: 'test', pool: { max } });
}

async function asAdmin(sql: string): Promise<void> {
  await using admin = await connectAdmin(settings(server.adminUser, server.adminPassword), {
    service: 'test',
  });
  await admin.query(sql);
}

before(async () => {
  server = await startTestServer();
  await asAdmin(
    `create role qhub_execution nologin; create role app login password 'app' noinherit in role qhub_execution`,
  );
});
after(() => server?.stop());

test('a role that row security does not bind runs no work', async () => {
  for (const [attribute, fault] of [
    ['bypassrls', 'has BYPASSRLS'],
    ['superuser', 'is a superuser'],
  ] as const) {
    await using database = open(1);
    await database.checkRoles(['execution']);
    await asAdmin(`alter role qhub_execution ${attribute}`);
    await using later = open(1);
    await assert.rejects(later.checkRoles(['execution']), (error) => {
      assert.ok(isHubError(error, 'database.role_unsafe'), String(error));
      assert.ok(
        error.message.includes(`the role "qhub_execution" ${fault}`) &&
          /npx qhub db provision/.test(error.message),
      );
      return true;
    });
    await asAdmin(`alter role qhub_execution no${attribute}`);
  }
});

test('a role that is taken away while a connection lies in the pool: a clear error, and what was sent ahead is not done', async () => {
  await using database = open(1);
  await asAdmin('create table written (n int); grant all on written to public');
  await database.getDb((db) => db.query('select 1'), scope);
  await asAdmin('revoke qhub_execution from app');
  const insert = () => database.getDb((db) => db.query('insert into written values (1) returning n'), scope);
  await assert.rejects(insert(), (error) => isHubError(error, 'database.role_unavailable'));
  // Also where the work makes nothing of it.
  const careless = database.getDb((db) => db.query('insert into written values (1)').catch(() => {}), scope);
  await assert.rejects(careless, (error) => isHubError(error, 'database.role_unavailable'));
  await asAdmin('grant qhub_execution to app');
  await insert();
  const { rows } = await database.getDb((db) => db.query('select * from written'), scope);
  assert.equal(rows.length, 1);
  await asAdmin('drop table written');
});

test('a server without free connections is a clear error, and work goes on when there are some again', async () => {
  await asAdmin('alter role app connection limit 2');
  await using first = open(2);
  await using second = open(2);
  const held = [await first.getAsyncDb(scope), await first.getAsyncDb(scope)];
  await assert.rejects(
    second.getDb((db) => db.query('select 1'), scope),
    (error) => {
      assert.ok(isHubError(error, 'database.too_many_connections'), String(error));
      assert.match(error.message, /lower POSTGRES_POOL_MAX or raise its max_connections/);
      return true;
    },
  );
  for (const session of held) await session.rollback();
  await first.close();
  await second.getDb((db) => db.query('select 1'), scope);
  await asAdmin('alter role app connection limit -1');
});

test('a server restart under a running pool: work in flight fails clearly, later work succeeds', async () => {
  await using database = open(4);
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
