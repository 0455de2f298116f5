/** Guarantee: migrations are tried on the rows of a backup, or of a file by pg_dump, and the database itself is not touched. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isHubError } from '@quantum-hub/kernel';
import { createBackup } from '../backup/create/create-backup.ts';
import { findProgram } from '../backup/programs.ts';
import { localStore } from '../backup/store/local-store.ts';
import { placeOf, withoutPrograms } from '../backup/test-backups.ts';
import { migrationsFolder, readMigrations } from '../migrations/files.ts';
import { MigrationFolder } from '../migrations/test-migrations.ts';
import { createTestDatabase, type TestDatabase, testFolder } from '../testing/index.ts';
import type { DatabasePlace } from './database-place.ts';
import { dryRunAt } from './dry-run-place.ts';

let db: TestDatabase;
let place: DatabasePlace;
let skip: string | false;
const folder = testFolder('qhub-backups-');
const store = localStore(join(folder.path, 'backups'));
before(async () => {
  db = await createTestDatabase();
  place = await placeOf(db);
  skip = await withoutPrograms(db);
});
after(async () => {
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

test('the last migration fails on rows that only the backup has, and says so', async (t) => {
  if (skip) return t.skip(skip);
  await db.admin.query(
    'create table development.ledger (n int); alter table development.ledger owner to qhub_owner; insert into development.ledger values (1), (1)',
  );
  const { name } = await createBackup(place, store);
  const file = join(folder.path, 'file.sql.gz');
  const program = await findProgram('pg_dump', { atLeast: Number.parseInt((await version()) ?? '', 10) });
  writeFileSync(file, gzipSync(dumpWith(program.command[0] ?? '')));
  await db.admin.query('drop table development.ledger');

  using migrations = new MigrationFolder();
  const own = readMigrations();
  cpSync(join(migrationsFolder, 'versions'), join(migrations.path, 'versions'), { recursive: true });
  const unique = '20990101T000000_unique';
  migrations.write(unique, {
    up: 'create unique index ledger_n on development.ledger (n)',
    down: 'drop index development.ledger_n',
  });
  migrations.order([...own.map(({ name }) => name), unique]);

  for (const fromBackup of [
    { kind: 'backup', store, name },
    { kind: 'file', path: file },
  ] as const) {
    const run = await dryRunAt(place, 'test', 'up', { migrations: migrations.read(), fromBackup });
    assert.match(run.failure?.message ?? '', /20990101T000000_unique failed.*could not create unique index/);
    assert.match(run.notes[0] ?? '', /made from the backup .*, with its rows/);
  }
  const { rows } = await db.admin.query(`select to_regclass('development.ledger') as ledger`);
  assert.equal(rows[0].ledger, null);

  const good = await dryRunAt(place, 'test', 'up', { fromBackup: { kind: 'backup', store, name } });
  assert.deepEqual([good.failure, good.migrations], [undefined, []]);
});

test('a file that is no dump of a hub is refused', async (t) => {
  if (skip) return t.skip(skip);
  const path = join(folder.path, 'other.sql');
  writeFileSync(path, '-- PostgreSQL database dump\nselect 1;\n-- PostgreSQL database dump complete\n');
  await assert.rejects(dryRunAt(place, 'test', 'up', { fromBackup: { kind: 'file', path } }), (error) =>
    isHubError(error, 'database.backup_foreign'),
  );
});

async function version(): Promise<string | undefined> {
  const { rows } = await db.admin.query(`select current_setting('server_version') as version`);
  return rows[0]?.version;
}

function dumpWith(program: string): Buffer {
  const { host, port, user, password } = db.administrator;
  const env = { ...process.env, PGPASSWORD: password };
  return execFileSync(program, ['-h', host, '-p', String(port), '-U', user, db.name], {
    env,
    maxBuffer: 2 ** 28,
  });
}
