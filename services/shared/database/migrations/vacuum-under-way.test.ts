/** Guarantee: a migration on a table under vacuum makes no writer wait for the vacuum, whether PostgreSQL cancels that or not. */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, before, beforeEach, it, type TestContext } from 'node:test';
import { Client } from 'pg';
import { provision } from '../provision/index.ts';
import { createThrowawayServer, type ThrowawayServer } from '../server/index.ts';
import { applicationLogin } from '../testing/index.ts';
import { migrateUp } from './runner.ts';
import { MigrationFolder, type Sample } from './test-migrations.ts';

const table = 'trial.readings';
/** How long a naive migration makes writers wait: until PostgreSQL cancels the vacuum, or until it gives the lock up itself. */
const patienceMs = 3000;
/** So slow that it is surely under way: one page costs a tenth of a second. */
const slowly = 'autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1';
const eagerly = 'autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0';

const made = '20260101T000000_made';
const samples: Record<string, Sample> = {
  [made]: {
    up: `create schema trial;
create table ${table} (id integer primary key, value integer) with (autovacuum_enabled = false, ${slowly}, ${eagerly});
insert into ${table} select n, n from generate_series(1, 50000) n;
alter table ${table} add constraint readings_value_not_null check (value is not null);`,
    down: 'drop table trial.readings;\ndrop schema trial;',
    header: { reversible: 'loses data' },
  },
  '20260101T000100_not_null': {
    up: `alter table ${table} alter column value set not null;\nalter table ${table} drop constraint readings_value_not_null;`,
    down: `alter table ${table} alter column value drop not null;`,
    header: { hazards: ['drop-constraint'] },
  },
};

let server: ThrowawayServer;
const folder = new MigrationFolder(samples);
const migrations = folder.read();
before(async () => {
  const bin = process.env.QHUB_TEST_PG_BIN;
  server = await createThrowawayServer({
    ...(bin && { binaries: dirname(dirname(bin)) }),
    settings: { autovacuum_naptime: 1, deadlock_timeout: patienceMs },
  });
  await using root = await connect();
  await provision(root.client, { database: 'postgres', applicationLogin });
});
after(async () => {
  folder[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

async function connect(): Promise<AsyncDisposable & { readonly client: Client }> {
  const { host, port, adminUser: user, adminPassword: password } = server;
  const client = new Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  return { client, [Symbol.asyncDispose]: async () => await client.end() };
}

beforeEach(async () => {
  await using root = await connect();
  await root.client.query(`drop schema if exists trial cascade; drop table if exists hub.migrations`);
  await migrateUp(root.client, { migrations, to: made });
});

/** The longest that any single-row update took in ms, from now until it is asked for. */
async function startWriter(): Promise<() => Promise<number>> {
  const { client } = await connect();
  let goesOn = true;
  let longestMs = 0;
  const written = (async () => {
    for (let id = 1; goesOn; id = (id % 50_000) + 1) {
      const start = performance.now();
      await client.query(`update ${table} set value = value + 1 where id = $1`, [id]);
      longestMs = Math.max(longestMs, performance.now() - start);
    }
  })();
  return async () => {
    goesOn = false;
    await written;
    await client.end();
    return longestMs;
  };
}

async function untilVacuumed(client: Client): Promise<void> {
  const sql = `select from pg_stat_progress_vacuum where relid = '${table}'::regclass`;
  while ((await client.query(sql)).rowCount === 0);
}

/** Measured: as long as that without the lock that comes first, 10 to 60 ms with it, and 560 on a machine that other tests kept busy. */
const noticeableMs = patienceMs / 2;

function assertUnnoticed(t: TestContext, longestMs: number): void {
  t.diagnostic(`the longest wait of a writer: ${longestMs.toFixed(1)} ms`);
  assert.ok(longestMs < noticeableMs, `a writer waited ${longestMs.toFixed(0)} ms`);
}

it('an autovacuum is cancelled while the writers go on', async (t) => {
  await using root = await connect();
  await root.client.query(`alter table ${table} set (autovacuum_enabled = true)`);
  await root.client.query(`update ${table} set value = value + 1`);
  await untilVacuumed(root.client);
  const longest = await startWriter();
  const applied = await migrateUp(root.client, { migrations, lockTimeoutMs: 3 * patienceMs });
  assertUnnoticed(t, await longest());
  assert.equal(applied.length, 1);
});

/** Older by so many transactions than the table may be. */
const burnSql = `
do $$ begin
  for n in 1..100100 loop
    perform pg_current_xact_id();
    commit;
  end loop;
end $$`;

it('a vacuum against wraparound, which is cancelled for nobody, is waited for and named, while the writers go on', async (t) => {
  await using root = await connect();
  await root.client.query(`alter table ${table} set (autovacuum_freeze_max_age = 100000)`);
  await root.client.query(burnSql);
  await root.client.query(`update ${table} set value = value + 1`);
  await untilVacuumed(root.client);
  const longest = await startWriter();
  const lines: string[] = [];
  let isEnded = Promise.resolve();
  const applied = await migrateUp(root.client, {
    migrations,
    lockTimeoutMs: patienceMs,
    lockPauseMs: 10,
    lockAttempts: 50,
    onProgress: (line) => {
      lines.push(line);
      if (/ attempt (?!2 )\d+ of /.test(line)) isEnded = endVacuum();
    },
  });
  assertUnnoticed(t, await longest());
  await isEnded;
  assert.equal(applied.length, 1);
  assert.match(
    lines.join('\n'),
    /waits for process \d+ of "autovacuum worker" \(active, for \d+ s\): autovacuum: VACUUM( ANALYZE)? trial\.readings \(to prevent wraparound\), which PostgreSQL cancels for nobody: let it end/,
  );
});

/** It would begin anew a second later, which the runner may win or not: then this is called again. */
async function endVacuum(): Promise<void> {
  await using other = await connect();
  await other.client.query('select pg_cancel_backend(pid) from pg_stat_progress_vacuum');
}
