/** Guarantee: a backup shows one moment, holds all rows or is refused, and leaves nothing when it fails. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { createTestDatabase, type TestAddress, type TestDatabase, testFolder } from '../../testing/index.ts';
import { makeOwner } from '../../testing/two-users.ts';
import { localStore } from '../store/local-store.ts';
import { withoutPrograms } from '../test-backups.ts';
import { verifyBackup } from '../verify/verify-backup.ts';
import { type CreateProgress, createBackup } from './create-backup.ts';

let db: TestDatabase;
let skip: string | false;
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);

before(async () => {
  db = await createTestDatabase();
  skip = await withoutPrograms(db);
  await makeOwner(db.admin);
});
after(async () => {
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

describe('createBackup', () => {
  it('shows one moment while writers run: pairs stay pairs, and its own numbers fit', async (t) => {
    if (skip) return t.skip(skip);
    await db.admin.query(
      `create table public.left_side (id bigserial primary key, n int);
       create table public.right_side (like public.left_side including all)`,
    );
    const stop = new AbortController();
    const writers = [0, 1].map(() => writePairs(db.administrator, stop.signal));
    // Not before there is something to tear apart.
    await Promise.all(writers.map(({ begun }) => begun));
    const { name, contents } = await createBackup({ admin: db.administrator }, store);
    stop.abort();
    const written = await Promise.all(writers.map(({ pairs }) => pairs));
    const { 'public.left_side': left, 'public.right_side': right } = contents.tables;
    assert.ok(left && right && left.rows > 0);
    assert.equal(left.rows, right.rows);
    const { rows } = await db.admin.query('select count(*)::integer as n from left_side');
    assert.equal(
      rows[0].n,
      written.reduce((sum, pairs) => sum + pairs, 0),
    );
    assert.ok(rows[0].n > left.rows, 'they went on writing meanwhile');
    // The sequences moved on while pg_dump ran.
    assert.equal((await verifyBackup(store, name)).restored, true);
    await db.admin.query('drop table left_side, right_side');
  });

  it('tells bytes and tables while it works, and keeps its files from others', async (t) => {
    if (skip) return t.skip(skip);
    const told: CreateProgress[] = [];
    const { name, contents } = await createBackup({ admin: db.administrator }, store, {
      onProgress: (progress) => told.push({ ...progress }),
    });
    const tables = Object.keys(contents.tables).length;
    const dumped = told.filter(({ stage }) => stage === 'dump').at(-1);
    assert.ok(dumped?.stage === 'dump' && dumped.bytes > 0 && dumped.table.includes('.'));
    assert.deepEqual([dumped.tables, dumped.ofTables], [tables, tables]);
    assert.equal(told.filter(({ stage }) => stage === 'digest').length, tables);
    const root = join(folder.path, name);
    assert.equal(statSync(root).mode & 0o777, 0o700);
    for (const file of readdirSync(root)) assert.equal(statSync(join(root, file)).mode & 0o777, 0o600, file);
  });

  it('leaves nothing when pg_dump fails or the work is interrupted, and clears what the dead left', async (t) => {
    if (skip) return t.skip(skip);
    const before = readdirSync(folder.path);
    const interrupted = new AbortController();
    const onProgress = () => interrupted.abort();
    const { signal } = interrupted;
    await assert.rejects(createBackup({ admin: db.administrator }, store, { signal, onProgress }));
    assert.deepEqual(readdirSync(folder.path), before);
    const dead = join(folder.path, `.draft-${hostname().replace(/[^\w]+/g, '_')}-999999999-x-abcd1234`);
    mkdirSync(dead);
    writeFileSync(join(dead, 'manifest.json'), '{}');
    const alive = await store.begin('mine');
    assert.deepEqual(await store.names(), before);
    await store.clearAbandoned();
    assert.deepEqual(readdirSync(folder.path).filter((entry) => entry.startsWith('.')).length, 1);
    await alive.discard();
  });

  it('says who may not keep backups where', async (t) => {
    if (skip) return t.skip(skip);
    const file = join(folder.path, 'no-folder');
    writeFileSync(file, '');
    await assert.rejects(
      createBackup({ admin: db.administrator }, localStore(join(file, 'b'))),
      (error: Error) => {
        assert.ok(isHubError(error, 'database.backup_place_unusable'));
        assert.match(error.message, /no-folder\/b: it is no folder/);
        return true;
      },
    );
  });
});

describe('a login that is no superuser', () => {
  const asLogin = async (rights: string, work: (admin: TestAddress) => Promise<void>) => {
    const user = `dumper_${randomUUID().slice(0, 8)}`;
    await db.admin.query(
      `create role ${user} login noinherit password 'x'; grant connect on database ${db.name} to ${user}`,
    );
    if (rights) await db.admin.query(`grant ${rights} to ${user}`);
    try {
      await work({ ...db.administrator, user, password: 'x' });
    } finally {
      await db.admin.query(`drop owned by ${user}; drop role ${user}`);
    }
  };

  it('backs up all rows as qhub_backup', async (t) => {
    if (skip) return t.skip(skip);
    const whole = await createBackup({ admin: db.administrator }, store);
    await asLogin('qhub_backup', async (admin) => {
      const { contents, name } = await createBackup({ admin }, store);
      assert.deepEqual(contents, whole.contents);
      assert.equal((await verifyBackup(store, name)).restored, true);
    });
  });

  it('is refused without that role, and told the statement that helps', async (t) => {
    if (skip) return t.skip(skip);
    await asLogin('', async (admin) => {
      await assert.rejects(createBackup({ admin }, store), (error: Error) => {
        assert.ok(isHubError(error, 'database.admin_right_missing'), String(error));
        assert.match(error.message, new RegExp(`let a superuser run: grant qhub_backup to "${admin.user}"`));
        return true;
      });
    });
  });
});

/** Writes a row on both sides in one transaction, again and again. */
function writePairs(address: TestAddress, signal: AbortSignal) {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const write = async () => {
    const client = new Client(address);
    await client.connect();
    let pairs = 0;
    while (!signal.aborted) {
      await client.query(
        'begin; insert into left_side (n) values (1); insert into right_side (n) values (1); commit',
      );
      pairs += 1;
      if (pairs === 5) resolve();
    }
    await client.end();
    return pairs;
  };
  return { begun, pairs: write() };
}
