/** Guarantee: where nobody has BYPASSRLS, a backup sees every row by policies, or is refused; it never leaves rows out. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { connectAdmin } from '../../connection/admin-connection.ts';
import type { ThrowawayServer } from '../../server/index.ts';
import { prepareDatabase } from '../../setup/prepare-database.ts';
import { applicationLogin, startTestServer } from '../../testing/index.ts';
import { makeOwner } from '../../testing/two-users.ts';
import { findReader } from './reader.ts';
import { openSnapshot } from './snapshot.ts';
import { digestTable } from './tables.ts';

// A server of its own: roles belong to a whole server, and this one's backup role loses its right.
let server: ThrowawayServer;
let root: Client;
const login = { user: 'managed', password: 'x' };
before(async () => {
  server = await startTestServer();
  const { host, port, adminUser: user, adminPassword: password } = server;
  root = new Client({ host, port, user, password, database: 'postgres' });
  await root.connect();
  await prepareDatabase(root, { database: 'postgres', applicationLogin });
  await makeOwner(root);
  await root.query(
    `alter role qhub_backup nobypassrls; create role managed login noinherit password 'x';
     grant connect on database postgres to managed; grant qhub_backup to managed`,
  );
});
after(async () => {
  await root.end();
  await server[Symbol.asyncDispose]();
});

const connect = () =>
  connectAdmin({ host: server.host, port: server.port, database: 'postgres', ...login }, { service: 'test' });

it('reads all rows through the policies that name the role', async () => {
  await using admin = await connect();
  const reader = await findReader(admin);
  assert.deepEqual(reader, { role: 'qhub_backup', rowSecurity: 'policies' });
  await using snapshot = await openSnapshot(admin, reader);
  for (const table of ['identity.users', 'identity.user_api_keys', 'execution.job_queue']) {
    assert.ok(snapshot.tables.includes(table));
    assert.equal((await digestTable(admin, table)).rows, 1, table);
  }
});

it('is refused where a table has no such policy, or another one hides rows, and the tables are named', async () => {
  await using admin = await connect();
  for (const [change, back] of [
    [
      'create policy odd on identity.users as restrictive for select using (false)',
      'drop policy odd on identity.users',
    ],
    [
      'create table public.secret (n int); alter table public.secret enable row level security',
      'drop table public.secret',
    ],
  ] as const) {
    await root.query(change);
    await assert.rejects(findReader(admin), (error: Error) => {
      assert.ok(isHubError(error, 'database.admin_right_missing'));
      assert.match(
        error.message,
        /all rows of (identity\.users|public\.secret): .*run: alter role qhub_backup bypassrls/,
      );
      return true;
    });
    await root.query(back);
  }
});
