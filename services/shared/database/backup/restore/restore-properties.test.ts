/** Guarantee: what was set for the database as a whole comes back with it, and keeps nobody from restoring it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, it } from 'node:test';
import { connectAdmin } from '../../connection/admin-connection.ts';
import { createTestDatabase, type TestDatabase, testFolder, useOwnServer } from '../../testing/index.ts';
import { compareProperties, type DatabaseProperty, readProperties } from '../contents/database-properties.ts';
import { createBackup } from '../create/create-backup.ts';
import { localStore } from '../store/local-store.ts';
import { placeOf, withoutPrograms } from '../test-backups.ts';
import { verifyBackup } from '../verify/verify-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { restoreProperties } from './restore-properties.ts';

let db: TestDatabase;
let skip: string | false;
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);
const role = '"Odd ""röle"" ☃"';

before(async () => {
  useOwnServer();
  db = await createTestDatabase();
  skip = await withoutPrograms(db);
  await db.admin.query(`
    create role ${role} login; create role keeper; grant qhub_owner to keeper;
    alter database ${db.name} owner to keeper;
    comment on database ${db.name} is $$it's "odd" \\ 量子$$;
    alter database ${db.name} connection limit 77;
    alter database ${db.name} set search_path to "$user", "a, ""b""", public;
    alter database ${db.name} set application_name to 'a ''quote'' and \\ = more, or less';
    alter database ${db.name} set "my.own_setting" to '';
    alter database ${db.name} set temp_tablespaces to '';
    alter database ${db.name} set default_transaction_read_only to on;
    alter role quantum_user in database ${db.name} set temp_file_limit to '5GB';
    alter role ${role} in database ${db.name} set work_mem to '12MB';
    alter role ${role} in database ${db.name} set search_path to '';
    grant connect on database ${db.name} to ${role} with grant option;
    grant temporary on database ${db.name} to qhub_worker`);
});
after(async () => {
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

/** PostgreSQL's own statements about the database as a whole. */
function statements(): string[] {
  const { host, port, user, password } = db.administrator;
  const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password };
  const dump = spawnSync('pg_dump', ['--create', '--schema-only', db.name], { env, encoding: 'utf8' });
  assert.equal(dump.status, 0, dump.stderr);
  return dump.stdout
    .split(';\n')
    .map((statement) => statement.replaceAll(/^--.*\n/gm, '').trim())
    .filter((statement) => /^(ALTER|COMMENT ON|GRANT [\w,]+ ON|REVOKE [\w,]+ ON) .*DATABASE /.test(statement))
    .toSorted();
}

async function properties(): Promise<DatabaseProperty[]> {
  await using admin = await connectAdmin(db.administrator, { service: 'test' });
  return await readProperties(admin);
}

it('owner, rights, settings of the database and of roles in it, comment and limit come back', async (t) => {
  if (skip) return t.skip(skip);
  const expected = { statements: statements(), properties: await properties() };
  assert.ok(expected.statements.length >= 13, expected.statements.join('\n'));
  const { name } = await createBackup({ admin: db.administrator }, store);
  await verifyBackup(store, name);
  await db.admin.end();
  const source = { kind: 'backup', store, name } as const;
  const { warnings } = await restoreBackup(await placeOf(db), source, { force: true, dropOld: true });
  assert.deepEqual(warnings, []);
  assert.deepEqual({ statements: statements(), properties: await properties() }, expected);
});

it('what a server refuses is told with the name that the database will have, and the rest is done', async () => {
  await using admin = await connectAdmin(db.administrator, { service: 'test' });
  await admin.query('set default_transaction_read_only to off');
  const before = await readProperties(admin);
  const wanted: DatabaseProperty[] = [
    { kind: 'setting', name: 'lc_messages', role: null, value: 'nowhere' },
    { kind: 'owner', role: 'not_here' },
    { kind: 'connection limit', most: 5 },
  ];
  const refused = await restoreProperties(admin, wanted, 'final');
  assert.deepEqual(
    refused.map(({ statement }) => statement),
    [`alter database "final" set "lc_messages" to 'nowhere'`, `alter database "final" owner to "not_here"`],
  );
  assert.match(refused[0]?.sentence ?? '', /invalid value for parameter "lc_messages"/);
  assert.deepEqual(compareProperties(before, await readProperties(admin)), [
    "the database's connection limit is another one",
  ]);
});

it('each difference is named', () => {
  const limit = { kind: 'connection limit', most: 1 } as const;
  const right = { kind: 'right', name: 'CONNECT', role: null, grantable: false } as const;
  assert.deepEqual(compareProperties([limit], [limit]), []);
  assert.deepEqual(compareProperties([limit], [{ ...limit, most: 2 }, right]), [
    "the database's connection limit is another one",
    "the database's right CONNECT of public is extra",
  ]);
  assert.deepEqual(compareProperties([right], []), ["the database's right CONNECT of public is missing"]);
});
