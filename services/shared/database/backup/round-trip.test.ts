/** Guarantee: what a backup holds comes back: every type of object, every row, every right. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Hidden, isHubError } from '@quantum-hub/kernel';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { connectAdmin } from '../connection/admin-connection.ts';
import { ensureDatabase } from '../setup/ensure-database.ts';
import { createTestDatabase, type TestDatabase, testFolder } from '../testing/index.ts';
import { makeOwner } from '../testing/two-users.ts';
import { type CreateOptions, createBackup } from './create/create-backup.ts';
import { openBackup } from './manifest/open-backup.ts';
import { dropDatabase } from './restore/kept-databases.ts';
import { loadDump } from './restore/load-dump.ts';
import type { Keys } from './settings.ts';
import { localStore } from './store/local-store.ts';
import { makeAwkwardObjects, withoutPrograms } from './test-backups.ts';
import { requireSame, verifyBackup } from './verify/verify-backup.ts';

let db: TestDatabase;
let skip: string | false;
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);

before(async () => {
  db = await createTestDatabase();
  skip = await withoutPrograms(db);
  await makeOwner(db.admin);
  await makeAwkwardObjects(db.admin);
});
after(async () => {
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

const passphrase = new Hidden('correct horse');
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);

const ways: { name: string; options: CreateOptions; keys: Keys }[] = [
  { name: 'in one file', options: {}, keys: {} },
  {
    name: 'in one file, encrypted for a recipient',
    options: { encryption: { to: 'recipient', recipient } },
    keys: { identity: new Hidden(`# a key\n${identity}`) },
  },
  {
    name: 'in a folder, encrypted with a passphrase',
    options: { jobs: 2, encryption: { to: 'passphrase', passphrase } },
    keys: { passphrase },
  },
];

/** Names of the backups, in the order of `ways`. */
const made: string[] = [];

describe('a backup', () => {
  for (const { name, options, keys } of ways) {
    it(`comes back as it was, ${name}`, async (t) => {
      if (skip) return t.skip(skip);
      const { name: backup, encryption } = await createBackup({ admin: db.administrator }, store, options);
      made.push(backup);
      assert.equal(encryption?.to, options.encryption?.to);
      const side = { ...db.administrator, database: `${db.name}_side` };
      try {
        await ensureDatabase(side, 'test');
        const opened = await openBackup(store, backup, keys);
        await loadDump(opened, side, { jobs: options.jobs });
        await using admin = await connectAdmin(side, { service: 'test' });
        await requireSame(opened, admin);
        // PostgreSQL's own word on it, by another way than our digests.
        assert.deepEqual(statements(side), statements(db.administrator));
        await admin.query(`update "Odd ""schéma"" ☃".twins set n = n + 1 where n = 2`);
        await assert.rejects(requireSame(opened, admin), /the table "Odd ""schéma"" ☃".twins has other rows/);
      } finally {
        await dropDatabase(db.administrator, side.database);
      }
    });
  }

  it('in a folder is good, says verify, on a server that has never seen its roles', async (t) => {
    if (skip) return t.skip(skip);
    const login = `somebody_${process.pid}`;
    await db.admin.query(`create role "${login} ☃" login password 'x'; grant qhub_identity to "${login} ☃"`);
    await db.admin.query(`grant select on identity.users to "${login} ☃"`);
    try {
      const { name } = await createBackup({ admin: db.administrator }, store, { jobs: 2 });
      const verified = await verifyBackup(store, name, { jobs: 2 });
      assert.equal(verified.restored, true);
    } finally {
      await db.admin.query(`drop owned by "${login} ☃"; drop role "${login} ☃"`);
    }
  });

  it('stays shut without its key, and with another one', async (t) => {
    if (skip) return t.skip(skip);
    const name = made.at(-1) ?? '';
    await verifyBackup(store, name, { quick: true });
    const other = { passphrase: new Hidden('another') };
    for (const [keys, reason] of [
      [{}, /--passphrase-file/],
      [other, /the passphrase is another one/],
    ] as const) {
      await assert.rejects(verifyBackup(store, name, { keys }), (error: Error) => {
        assert.ok(isHubError(error, 'database.backup_locked'));
        assert.match(error.message, reason);
        return true;
      });
    }
  });

  it('carries password hashes of roles only on request', async (t) => {
    if (skip) return t.skip(skip);
    for (const rolePasswords of [false, true]) {
      const { name, roles } = await createBackup({ admin: db.administrator }, store, { rolePasswords });
      const chunks = await (await (await store.open(name)).read(roles.path)).toArray();
      assert.equal(Buffer.concat(chunks).includes('SCRAM-SHA-256'), rolePasswords);
    }
  });
});

/** All statements of a plain dump in any order; parentheses and the order of a check's parts are no difference. */
function statements({ host, port, user, password, database }: TestDatabase['administrator']): string[] {
  const dump = spawnSync('pg_dump', ['--inserts', '--restrict-key=x', database], {
    env: { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(dump.status, 0, dump.stderr);
  return dump.stdout
    .split(';\n')
    .map((statement) =>
      statement
        .replaceAll(/^--.*\n/gm, '')
        .replaceAll(/[()]/g, '')
        .trim(),
    )
    .toSorted();
}
