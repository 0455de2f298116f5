/**
 * Guarantee: a backup made on an older major restores on the newest one by the programs that made it: every table's rows
 * equal, nothing drifted, and the migrations that it lacks go on there. The matrix (`npm run test:postgres-matrix`) runs it on
 * each major; without the matrix's programs it is skipped.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readDatabaseConfig } from '../config.ts';
import { connectAdmin } from '../connection/admin-connection.ts';
import { migrateDown } from '../migrations/runner.ts';
import { createThrowawayServer, type ThrowawayServer } from '../server/index.ts';
import { checkPlace } from '../setup/check-place.ts';
import { type DatabasePlace, openPlace } from '../setup/database-place.ts';
import { applicationLogin, createTestDatabase, type TestDatabase, testFolder } from '../testing/index.ts';
import { makeOwner } from '../testing/two-users.ts';
import { createBackup } from './create/create-backup.ts';
import { restoreBackup } from './restore/restore-backup.ts';
import { localStore } from './store/local-store.ts';
import { makeAwkwardObjects, withoutPrograms } from './test-backups.ts';

const newest = '18';
const matrix = resolve(import.meta.dirname, '../../../../tools/postgres-matrix/node_modules');
const programs = resolve(matrix, `pg${newest}-${process.platform}-${process.arch}/native/bin`);

let old: TestDatabase;
let target: ThrowawayServer;
let skip: string | false = false;
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);
const ownPrograms = process.env.QHUB_POSTGRES_BIN;

before(async () => {
  if (!existsSync(programs)) {
    skip = `needs PostgreSQL ${newest}: npm run test:postgres-matrix installs it`;
    return;
  }
  old = await createTestDatabase();
  skip = await withoutPrograms(old);
  target = await createThrowawayServer({ binaries: dirname(dirname(programs)) });
  await makeOwner(old.admin);
});
after(async () => {
  folder[Symbol.dispose]();
  if (ownPrograms === undefined) delete process.env.QHUB_POSTGRES_BIN;
  else process.env.QHUB_POSTGRES_BIN = ownPrograms;
  await target?.stop();
  await old?.[Symbol.asyncDispose]();
});

async function onNewest(database: string): Promise<DatabasePlace> {
  const settings = {
    POSTGRES_HOST: target.host,
    POSTGRES_PORT: String(target.port),
    POSTGRES_DB: database,
    POSTGRES_USER: applicationLogin.name,
    POSTGRES_PASSWORD: applicationLogin.password,
    POSTGRES_ADMIN_USER: target.adminUser,
    POSTGRES_ADMIN_PASSWORD: target.adminPassword,
  };
  return await openPlace(readDatabaseConfig(settings), { purpose: 'test' });
}

describe(`a backup restored on PostgreSQL ${newest}`, () => {
  it('has the same rows and no drift, and the migration that it lacks is applied there', async (t) => {
    if (skip) return t.skip(skip);
    const [undone] = await migrateDown(old.admin, { steps: 1, allowDataLoss: true });
    const { name, serverVersion, programVersion } = await createBackup({ admin: old.administrator }, store);
    await using place = await onNewest('upgraded');
    const source = { kind: 'backup', store, name } as const;
    const restored = await restoreBackup(place, source, { migrate: true });
    t.diagnostic(`${serverVersion} by pg_dump ${programVersion} onto ${target.version}`);
    assert.equal(restored.compared, true);
    assert.deepEqual([restored.migrations, restored.pending], [[undone], 0]);
    process.env.QHUB_POSTGRES_BIN = programs;
    const { differences, note } = await checkPlace(place, 'test');
    assert.deepEqual(
      differences.map(({ sentence }) => sentence),
      [],
    );
    assert.equal(note, undefined);
  });

  it('has every awkward value of every type as it was', async (t) => {
    if (skip) return t.skip(skip);
    await makeAwkwardObjects(old.admin);
    const { name, contents } = await createBackup({ admin: old.administrator }, store);
    await using place = await onNewest('awkward');
    const { compared } = await restoreBackup(place, { kind: 'backup', store, name });
    assert.equal(compared, true);
    await using admin = await connectAdmin(place.admin, { service: 'test' });
    const { rows } = await admin.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    assert.equal(rows[0]?.version.split('.')[0], newest);
    assert.ok(Object.keys(contents.tables).some((table) => table.includes('schéma')));
  });
});
