import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { provision } from '../provision/index.ts';
import { applicationLogin, startTestServer } from '../testing/index.ts';
import { connectAdmin } from './admin-connection.ts';
import { Database } from './database.ts';
import { createScratchSchema, Note, scratchOrm } from './scratch-schema.ts';
import { fingerprint, type SlowStatement } from './slow-log.ts';

test('a fingerprint keeps the statement and drops every value', () => {
  for (const [text, expected] of [
    [
      `select * from "a'b" where x = 'secret' and y = E'se\\'cr"et' and z = $1`,
      `select * from "a'b" where x = ? and y = ? and z = $1`,
    ],
    ['insert into t2 values (1, -2.5e10, $$secret$$, $a$sec$$ret$a$)', 'insert into t2 values (?, -?, ?, ?)'],
    ['select 1 -- secret\n  from t /* secret\n */ limit 10', 'select ? ? from t ? limit ?'],
    ["select 'unfinished secret", 'select ?'],
    ["select 'it''s secret'", 'select ?'],
  ] as const) {
    assert.equal(fingerprint(text), expected);
  }
  assert.ok(fingerprint(`select ${'a, '.repeat(100_000)}'secret'`).length <= 1003);
});

test('no value survives, however literals, names and comments are mixed', () => {
  const secret = 'sEcReT';
  const inside = fc.string({ maxLength: 8 }).map((noise) => `${noise}${secret}${noise}`);
  const literal = fc.oneof(
    inside.map((value) => `'${value.replaceAll("'", "''")}'`),
    inside.map((value) => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`),
    inside.filter((value) => !value.includes('$')).map((value) => `$q$${value}$q$`),
  );
  const other = fc.oneof(
    fc.string({ maxLength: 6 }).map((name) => `"${name.replaceAll('"', '""')}"`),
    fc.constantFrom('select', '$1', ',', '(', ')', '12', '-- note\n', '/* note */', '='),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(literal, other)), (parts) => {
      assert.ok(!fingerprint(parts.join(' ')).includes(secret), parts.join(' '));
    }),
    { numRuns: 2000 },
  );
});

test("slow statements are reported through every door, and a planted secret is neither in our log nor in the server's", async () => {
  await using server = await startTestServer();
  const address = { host: server.host, port: server.port, database: 'postgres' };
  await using admin = await connectAdmin(
    { ...address, user: server.adminUser, password: server.adminPassword },
    { service: 'test' },
  );
  await provision(admin.client, { database: 'postgres', applicationLogin });
  await createScratchSchema(admin.client);
  const slow: SlowStatement[] = [];
  await using database = new Database({
    connection: { ...address, user: applicationLogin.name, password: applicationLogin.password },
    service: 'test',
    orm: scratchOrm,
    slowStatements: { thresholdMs: 0.001, log: (statement) => slow.push(statement) },
  });
  const secret = `pLaNtEd-${randomUUID()}`;
  const scope = { as: 'execution', actor: randomUUID() } as const;
  await database.getDb(async (db) => {
    db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: secret } as never);
    await db.em.flush();
    await db.em.execute('select pg_sleep(0.01), ? as s', [secret]);
    await db.query('select pg_sleep(0.01), $1::text as s', [secret]);
    await sql`select pg_sleep(0.01), ${secret}::text as s`.execute(db.kysely);
    await db.query(`select pg_sleep(0.01), '${secret}' as s`);
  }, scope);
  const duplicate = database.getDb(async (db) => {
    db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: secret } as never);
    await db.em.flush();
  }, scope);
  await assert.rejects(duplicate);
  const texts = slow.map((statement) => statement.sql);
  assert.ok(
    texts.some((text) => /^insert into "scratch"."notes"/.test(text)),
    texts.join('\n'),
  );
  assert.ok(texts.filter((text) => /pg_sleep/.test(text)).length >= 4);
  assert.ok(slow.every(({ durationMs, role }) => durationMs >= 0 && role === 'qhub_execution'));
  assert.ok(!texts.join('\n').includes(secret));
  assert.ok(!readFileSync(server.logFile, 'utf8').includes(secret));
});
