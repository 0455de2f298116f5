/** Guarantee: runners take turns, also behind a pooler; who blocks them is named; what a cut-off index build left is made good. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { startPgBouncer } from '../connection/test-pgbouncer.ts';
import type { TestDatabase } from '../testing/index.ts';
import { migrateDown, migrateUp } from './runner.ts';
import {
  appliedTraces,
  emptyDatabase,
  indexName,
  MigrationFolder,
  rowsName,
  samples,
  tableName,
  traces,
  wipe,
} from './test-migrations.ts';

let database: TestDatabase;
let folder: MigrationFolder;
before(async () => {
  database = await emptyDatabase();
  folder = new MigrationFolder(samples);
});
afterEach(async () => await wipe(database));
after(async () => {
  folder[Symbol.dispose]();
  await database[Symbol.asyncDispose]();
});

async function withClients<T>(
  count: number,
  port: number,
  work: (clients: Client[]) => Promise<T>,
): Promise<T> {
  const clients = Array.from({ length: count }, () => new Client({ ...database.administrator, port }));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await work(clients);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** Until the server waits for a lock inside the statement that begins so. */
async function untilWaiting(tag: string): Promise<void> {
  const sql = `select from pg_stat_activity where starts_with(query, $1) and wait_event_type = 'Lock'`;
  while ((await database.admin.query(sql, [tag])).rowCount === 0);
}

describe('20 runners at once', () => {
  const race = async (port: number) => {
    const migrations = folder.read();
    const applied = await withClients(20, port, (clients) =>
      Promise.all(clients.map((client) => migrateUp(client, { migrations }))),
    );
    assert.deepEqual(applied.flat().toSorted(), Object.keys(samples));
    assert.deepEqual(await traces(database), appliedTraces);
  };

  it('apply each migration once, those without transaction too', async () => {
    await race(database.administrator.port);
  });

  it('apply each migration once behind PgBouncer, with two connections for all of them', async () => {
    await using bouncer = await startPgBouncer(database.administrator);
    await race(bouncer.port);
  });
});

describe('a lock that does not come', () => {
  const untilLocked = async (options: {
    lockAttempts: number;
    onTry?: (blocker: Client) => Promise<unknown>;
  }) => {
    const migrations = folder.read();
    await migrateUp(database.admin, { migrations, steps: 2 });
    const lines: string[] = [];
    const work = withClients(1, database.administrator.port, async ([blocker]) => {
      await blocker?.query("begin; lock table trial.notes; select 'a secret'");
      return await migrateUp(database.admin, {
        migrations,
        lockTimeoutMs: 1000,
        lockPauseMs: 10,
        lockAttempts: options.lockAttempts,
        onProgress: (line) => {
          lines.push(line);
          if (/ attempt 2 of /.test(line)) void options.onTry?.(blocker as Client);
        },
      });
    });
    return { lines, applied: await work.catch((error: unknown) => error) };
  };

  it('is asked for again, and comes when its holder is done', async () => {
    const { lines, applied } = await untilLocked({
      lockAttempts: 50,
      onTry: (blocker) => blocker.query('commit'),
    });
    assert.deepEqual(applied, [rowsName]);
    assert.match(
      lines.join('\n'),
      /waits for process \d+ of "postgres" \(idle in transaction, for \d+ s\): begin; lock table trial\.notes; select \?/,
    );
    assert.match(lines.join('\n'), /got no lock within 1000 ms.*; attempt 2 of 50 follows in \d+ ms\./);
  });

  it('ends after the attempts, naming the blocker, with nothing applied', async () => {
    const { applied } = await untilLocked({ lockAttempts: 2 });
    assert.ok(isHubError(applied, 'database.migration_lock_timeout'), String(applied));
    assert.match(applied.message, /none of 2 attempts of 1000 ms, because of process \d+ of "postgres"/);
    assert.deepEqual((await traces(database)).ids, [1]);
  });
});

describe('an index build that was cut off', () => {
  const begun = async () => {
    await migrateUp(database.admin, { migrations: folder.read(), to: tableName });
    await database.admin.query(
      `insert into hub.migrations (name, sha256, applied_at, unfinished) values ($1, repeat('0', 64), null, 'up')`,
      [indexName],
    );
  };
  const finish = async () => {
    const lines: string[] = [];
    const onProgress = (line: string) => lines.push(line);
    assert.deepEqual(await migrateUp(database.admin, { migrations: folder.read(), onProgress }), [
      indexName,
      rowsName,
    ]);
    assert.deepEqual(await traces(database), appliedTraces);
    return lines.join('\n');
  };

  it('is rebuilt where an invalid index is left', async () => {
    await begun();
    await database.admin.query('insert into trial.notes values (1)').catch(() => {});
    await database.admin.query("insert into trial.notes values (1, 'twice')");
    const sql = 'create unique index concurrently notes_id on trial.notes (id)';
    await assert.rejects(database.admin.query(sql), /could not create unique index/);
    assert.deepEqual((await traces(database)).indexes, [{ name: 'notes_id', valid: false }]);
    await database.admin.query("delete from trial.notes where text = 'twice'");
    assert.match(await finish(), /an earlier run was cut off half-way; making it good/);
  });

  it('is recorded where only the record is missing', async () => {
    await begun();
    await database.admin.query('create unique index concurrently notes_id on trial.notes (id)');
    assert.match(await finish(), /an earlier run was cut off after its statement/);
  });

  it('is waited for where the server is still at it', async () => {
    await begun();
    await withClients(2, database.administrator.port, async ([blocker, orphan]) => {
      await blocker?.query('begin; lock table trial.notes in row exclusive mode');
      const tag = `/* quantum-hub migration ${indexName} up */`;
      const build = orphan?.query(`${tag} create unique index concurrently notes_id on trial.notes (id)`);
      await untilWaiting(tag);
      const { promise: waiting, resolve } = Promise.withResolvers<string>();
      const run = migrateUp(database.admin, { migrations: folder.read(), onProgress: resolve });
      assert.match(await waiting, /the statement of a runner that died still runs; waiting for it/);
      await blocker?.query('commit');
      await build;
      assert.deepEqual(await run, [indexName, rowsName]);
    });
    assert.deepEqual(await traces(database), appliedTraces);
  });

  it('keeps a way down from running before it is finished', async () => {
    await begun();
    await assert.rejects(migrateDown(database.admin, { migrations: folder.read() }), (error: Error) => {
      return (
        isHubError(error, 'database.migration_unfinished') && /migration up` to finish it/.test(error.message)
      );
    });
  });
});

describe('an index build that fails', () => {
  it('takes its invalid index away, and can be tried again', async () => {
    const migrations = folder.read();
    await migrateUp(database.admin, { migrations, to: tableName });
    await database.admin.query("insert into trial.notes values (1, 'twice')");
    await assert.rejects(migrateUp(database.admin, { migrations }), (error: Error) => {
      assert.ok(isHubError(error, 'database.migration_failed'), String(error));
      assert.match(error.message, /_index\.up\.sql, line 7, statement 1 .*could not create unique index/);
      return true;
    });
    const { indexes, recorded } = await traces(database);
    assert.deepEqual([indexes, (recorded as unknown[]).length], [[], 1]);
    await database.admin.query("delete from trial.notes where text = 'twice'");
    await migrateUp(database.admin, { migrations });
    assert.deepEqual(await traces(database), appliedTraces);
  });
});
