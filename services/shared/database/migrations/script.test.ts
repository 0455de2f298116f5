/** Guarantee: the printed script does in psql what the runner does, from an empty database on, whole and as often as one likes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { programPath } from '../connection/test-programs.ts';
import { provisioningSql } from '../provision/index.ts';
import { applicationLogin, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { modelDifferences } from './check/model-differences.ts';
import { type Migration, readMigrations } from './files.ts';
import { migrationStates } from './resolve.ts';
import { migrateUp } from './runner.ts';
import { migrationScript } from './script.ts';
import {
  appliedTraces,
  emptyDatabase,
  emptyTraces,
  MigrationFolder,
  rowsName,
  samples,
  tableName,
  traces,
  wipe,
} from './test-migrations.ts';

async function psql({ administrator: { host, port, user, password, database } }: TestDatabase, sql: string) {
  const child = spawn('psql', ['-X', '-q', '-f', '-'], {
    env: {
      PATH: programPath,
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: database,
    },
  });
  child.stdin.end(sql);
  const ended = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, faults: stderr.split('\n').filter((line) => line.includes('ERROR')) };
}

const whole = { code: 0, stdout: '', faults: [] };
const up = (migrations: readonly Migration[]) => migrationScript({ direction: 'up', migrations });
const down = (migrations: readonly Migration[]) =>
  migrationScript({ direction: 'down', migrations: migrations.toReversed() });

describe('the script of all kinds of migrations', () => {
  let database: TestDatabase;
  const folder = new MigrationFolder(samples);
  const migrations = folder.read();
  before(async () => {
    database = await emptyDatabase();
  });
  after(async () => {
    folder[Symbol.dispose]();
    await database[Symbol.asyncDispose]();
  });

  it('applies and records each once, whoever applied some before, and takes all back', async () => {
    await migrateUp(database.admin, { migrations, steps: 1 });
    for (const _ of [1, 2]) {
      assert.deepEqual(await psql(database, up(migrations)), whole);
      assert.deepEqual(await traces(database), appliedTraces);
    }
    for (const _ of [1, 2]) {
      assert.deepEqual(await psql(database, down(migrations)), whole);
      assert.deepEqual(await traces(database), emptyTraces);
    }
  });

  it('stops at the first error, with nothing of that migration kept', async () => {
    const broken = migrations.map((migration) =>
      migration.name === rowsName
        ? { ...migration, up: { ...migration.up, text: `${migration.up.text};\nselect nothing;` } }
        : migration,
    );
    const { code, faults } = await psql(database, up(broken));
    assert.deepEqual([code, faults.length], [3, 1]);
    assert.match(faults[0] ?? '', /column "nothing" does not exist/);
    assert.deepEqual((await traces(database)).ids, [1]);
  });

  it('refuses what was edited, what is unfinished, and to run beside another runner', async () => {
    const stops = async (said: RegExp) => {
      const { code, faults } = await psql(database, up(migrations));
      assert.equal(code, 3);
      assert.match(faults.join(), said);
    };
    await wipe(database);
    await migrateUp(database.admin, { migrations });
    await database.admin.query(
      `update hub.migrations set sha256 = repeat('0', 64) where name = '${tableName}'`,
    );
    await stops(/_table was changed after it was applied/);
    await database.admin.query(`update hub.migrations set unfinished = 'up' where name = '${tableName}'`);
    await stops(/_table was begun and not finished/);
    await database.admin.query('begin; select pg_advisory_xact_lock(7000100)');
    await stops(/another runner of migrations is at work/);
    await database.admin.query('rollback');
  });
});

describe('the script of this code', () => {
  it('leads from an empty database to the models, and status finds every migration', async () => {
    await using database = await createTestDatabase();
    const { admin, name } = database;
    await admin.query('drop schema hub, identity, development, marketplace, execution, archive cascade');
    const provisioning = provisioningSql({ database: name, applicationLogin });
    const migrations = readMigrations();
    const script = migrationScript({ direction: 'up', migrations, provisioning });
    assert.deepEqual(await psql(database, script), whole);
    const states = await migrationStates(admin);
    assert.deepEqual(
      states.map((state) => [state.name, state.state]),
      migrations.map((migration) => [migration.name, 'applied']),
    );
    assert.deepEqual(await modelDifferences(database.administrator), []);
    assert.deepEqual(await psql(database, down(migrations)), whole);
    assert.deepEqual(
      (await migrationStates(admin)).filter(({ state }) => state !== 'pending'),
      [],
    );
  });
});
