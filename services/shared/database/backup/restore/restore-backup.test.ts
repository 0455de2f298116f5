/** Guarantee: a restore touches the live database only by giving its name to a whole, checked one; the old one is kept. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { connectAdmin } from '../../connection/admin-connection.ts';
import { migrateDown } from '../../migrations/runner.ts';
import type { DatabasePlace } from '../../setup/database-place.ts';
import { preparePlace } from '../../setup/prepare-place.ts';
import {
  createTestDatabase,
  type TestAddress,
  type TestDatabase,
  testFolder,
  useOwnServer,
} from '../../testing/index.ts';
import { makeOwner } from '../../testing/two-users.ts';
import { createBackup } from '../create/create-backup.ts';
import { localStore } from '../store/local-store.ts';
import { placeOf, withoutPrograms } from '../test-backups.ts';
import { dropDatabase, dropKept, keptDatabases, sideNames } from './kept-databases.ts';
import { type RestoreSource, restoreBackup } from './restore-backup.ts';

let db: TestDatabase;
let place: DatabasePlace;
let skip: string | false;
let source: RestoreSource;
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);

before(async () => {
  // A backup carries the roles of its whole cluster, and a restore makes them: those of other files are none of ours.
  useOwnServer();
  db = await createTestDatabase();
  skip = await withoutPrograms(db);
  place = await placeOf(db);
  await makeOwner(db.admin);
  if (skip) return;
  const { name } = await createBackup({ admin: db.administrator }, store);
  source = { kind: 'backup', store, name };
  // A swap closes every session: those of the tests are short.
  await db.admin.end();
});
after(async () => {
  await dropKept(db.administrator);
  await dropDatabase(db.administrator, db.name);
  folder[Symbol.dispose]();
});

async function ask<Value>(address: TestAddress, sql: string): Promise<Value> {
  const client = new Client(address);
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0] as Value;
  } finally {
    await client.end();
  }
}

const users = (database = db.name) =>
  ask<number>({ ...db.administrator, database }, 'select count(*)::integer from identity.users');

/** All databases whose names begin as ours: nothing half-made may be left. */
const databases = () =>
  ask<string[]>(
    { ...db.administrator, database: 'postgres' },
    `select array_agg(datname::text order by datname) from pg_database where starts_with(datname, '${db.name.slice(0, 25)}')`,
  );

describe('restoreBackup', () => {
  it('never takes the place of data without force', async (t) => {
    if (skip) return t.skip(skip);
    await assert.rejects(restoreBackup(place, source), (error: Error) => {
      assert.ok(isHubError(error, 'database.restore_refused'));
      assert.match(error.message, /--force .*_before_\d{8}t\d{6}z/);
      return true;
    });
    assert.deepEqual(await databases(), [db.name]);
  });

  it('swaps in the restored database in one moment, closes connections and keeps the old one', async (t) => {
    if (skip) return t.skip(skip);
    const client = new Client(db.administrator);
    const closed = Promise.withResolvers<Error>();
    client.on('error', closed.resolve);
    await client.connect();
    await makeOwner(client);
    assert.equal(await users(), 2);
    const restored = await restoreBackup(place, source, { force: true });
    assert.match(String(await closed.promise), /terminating connection/);
    assert.equal(restored.compared, true);
    assert.deepEqual([restored.migrations, restored.pending, restored.warnings], [[], 0, []]);
    assert.equal(await users(), 1);
    assert.equal(await users(restored.kept), 2);
    // The hub's own login gets in, and may act: provisioning came along.
    const role = 'begin; set local role qhub_identity; select current_user::text';
    const back = new Client(db.application);
    await back.connect();
    assert.equal(((await back.query(role)) as unknown as { rows: object[] }[]).at(-1)?.rows.length, 1);
    await back.end();
    assert.deepEqual(await dropKept(db.administrator), [restored.kept]);
    assert.deepEqual(await databases(), [db.name]);
  });

  it('fills a database that is missing, and one that set-up has just made, without force', async (t) => {
    if (skip) return t.skip(skip);
    const root = { ...db.administrator, database: 'postgres' };
    await ask(root, `drop database ${db.name} with (force)`);
    assert.equal((await restoreBackup(place, source)).kept, undefined);
    assert.equal(await users(), 1);
    await ask(root, `drop database ${db.name} with (force)`);
    await preparePlace(place, 'test');
    assert.equal(await users(), 0);
    const { kept } = await restoreBackup(place, source, { dropOld: true });
    assert.equal(kept, undefined);
    assert.equal(await users(), 1);
    assert.deepEqual(await databases(), [db.name]);
  });

  it('leaves everything as it was when the backup is damaged, or the work is interrupted', async (t) => {
    if (skip || source.kind !== 'backup') return t.skip(skip || '');
    const dump = join(folder.path, source.name, 'dump.pgdump');
    const bytes = readFileSync(dump);
    truncateSync(dump, 5000);
    await assert.rejects(restoreBackup(place, source, { force: true }), /dump\.pgdump has 5000 bytes/);
    writeFileSync(dump, bytes);
    const interrupted = new AbortController();
    const onTable = () => interrupted.abort();
    await assert.rejects(restoreBackup(place, source, { force: true, onTable, signal: interrupted.signal }));
    assert.deepEqual(await databases(), [db.name]);
    assert.equal(await users(), 1);
  });

  it('clears what a killed restore left, and nothing that somebody is connected to', async (t) => {
    if (skip) return t.skip(skip);
    const root = { ...db.administrator, database: 'postgres' };
    const [dead, alive] = [new Date(0), new Date(1e12)].map((at) => sideNames(db.name, at).restored);
    await ask(root, `create database ${dead}`);
    await ask(root, `create database ${alive}`);
    const client = new Client({ ...db.administrator, database: alive });
    await client.connect();
    try {
      await restoreBackup(place, source, { force: true, dropOld: true });
      assert.deepEqual(await databases(), [db.name, alive].toSorted());
      assert.equal((await client.query('select 1')).rowCount, 1, 'its session goes on');
    } finally {
      await client.end();
    }
    await ask(root, `drop database ${alive} with (force)`);
  });

  it('restores with several connections what it restores with one: no trigger changes what comes in', async (t) => {
    if (skip) return t.skip(skip);
    // It is compared with the manifest, row by row.
    assert.equal(
      (await restoreBackup(place, source, { force: true, dropOld: true, jobs: 2 })).compared,
      true,
    );
  });

  it('brings an older backup up to the code on request, and says what is pending otherwise', async (t) => {
    if (skip) return t.skip(skip);
    const last = await ask<string>(db.administrator, 'select max(name) from hub.migrations');
    const admin = await connectAdmin(db.administrator, { service: 'test' });
    await migrateDown(admin, { steps: 1, allowDataLoss: true });
    // The swap would close it.
    await admin[Symbol.asyncDispose]();
    const { name } = await createBackup({ admin: db.administrator }, store);
    const older: RestoreSource = { kind: 'backup', store, name };
    const options = { force: true, dropOld: true };
    assert.equal((await restoreBackup(place, older, options)).pending, 1);
    const migrated = await restoreBackup(place, older, { ...options, migrate: true });
    assert.deepEqual([migrated.migrations, migrated.pending], [[last], 0]);
  });
});

describe('a file by pg_dump', () => {
  const dumped = (args: readonly string[], database = db.name) => {
    const { host, port, user, password } = db.administrator;
    const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password };
    const run = spawnSync('pg_dump', [...args, database], { env, maxBuffer: 2 ** 28 });
    assert.equal(run.status, 0, String(run.stderr));
    return run.stdout;
  };
  const file = (name: string, content: Buffer | string): RestoreSource => {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return { kind: 'file', path };
  };

  it('is restored, plain, packed and of the custom format', async (t) => {
    if (skip) return t.skip(skip);
    const before = await users();
    const plain = dumped([]);
    for (const given of [
      file('file.sql', plain),
      file('file.sql.gz', gzipSync(plain)),
      file('file.dump', dumped(['--format=custom'])),
    ]) {
      const { kept, compared } = await restoreBackup(place, given, { force: true });
      assert.equal(compared, false);
      assert.equal(await users(), before);
      assert.deepEqual(await keptDatabases(db.administrator), [kept]);
      await dropKept(db.administrator);
    }
  });

  it('is refused when it is cut, foreign, of several databases or of another one, and nothing happens', async (t) => {
    if (skip) return t.skip(skip);
    const plain = dumped([]).toString();
    const packed = gzipSync(plain);
    const root = { ...db.administrator, database: 'postgres' };
    const other = `${db.name}_other`;
    await ask(root, `create database ${other}`);
    const elsewhere = dumped([], other);
    await ask(root, `drop database ${other}`);
    const cases: [RestoreSource, RegExp][] = [
      [file('cut.sql', plain.slice(0, plain.length / 2)), /it is cut/],
      [file('cut.sql.gz', packed.subarray(0, packed.length / 2)), /cannot be unpacked.*cut or damaged/],
      [file('letter.sql', 'Dear reader, '.repeat(1000)), /does not begin as a dump/],
      [file('create.sql', dumped(['--create'])), /changes the database by \\connect/],
      [file('empty.sql', ''), /does not begin as a dump/],
      [file('other.sql', elsewhere), /no table hub\.migrations/],
      [{ kind: 'file', path: join(folder.path, 'nowhere.sql') }, /cannot be read \(ENOENT\)/],
    ];
    for (const [given, reason] of cases) {
      await assert.rejects(restoreBackup(place, given, { force: true }), (error: Error) => {
        assert.ok(isHubError(error, 'database.backup_foreign'), String(error));
        assert.match(error.message, reason);
        return true;
      });
    }
    assert.deepEqual(await databases(), [db.name]);
  });
});
