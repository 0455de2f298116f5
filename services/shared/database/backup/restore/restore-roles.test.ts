/** Guarantee: roles of a backup are made once and whole, whoever else makes the same ones in the cluster at that moment. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type AdminConnection, connectAdmin } from '../../connection/admin-connection.ts';
import { createEmptyDatabase, type TestDatabase } from '../../testing/index.ts';
import { restoreRoles } from './restore-roles.ts';

let db: TestDatabase;
const sessions: AdminConnection[] = [];
const roles = Array.from({ length: 8 }, (_, n) => `restored_${process.pid}_${n}`);

before(async () => {
  db = await createEmptyDatabase();
  for (let n = 0; n < 5; n += 1) sessions.push(await connectAdmin(db.administrator, { service: 'test' }));
});
after(async () => {
  await db.admin.query(`drop role if exists ${roles.join(', ')}`);
  for (const session of sessions) await session.close();
  await db[Symbol.asyncDispose]();
});

/** As pg_dumpall prints them; each is a member of the one before. */
const sql = roles
  .map((role, n) =>
    [
      `CREATE ROLE ${role};`,
      `ALTER ROLE ${role} WITH NOSUPERUSER INHERIT NOLOGIN CONNECTION LIMIT ${n + 1};`,
      ...(n > 0 ? [`GRANT ${roles[n - 1]} TO ${role} GRANTED BY nobody_here;`] : []),
    ].join('\n'),
  )
  .join('\n');

it('five restores at once make each role once, and none of them is told of the others', async () => {
  for (let round = 0; round < 10; round += 1) {
    const done = await Promise.all(sessions.map((session) => restoreRoles(session, sql)));
    assert.deepEqual(
      done.flatMap(({ warnings }) => warnings),
      [],
      `round ${round}`,
    );
    assert.deepEqual(done.flatMap(({ made }) => made).toSorted(), roles, `round ${round}`);
    const { rows } = await db.admin.query(
      `select array_agg(rolconnlimit order by rolname) as limits from pg_roles where rolname = any($1)`,
      [roles],
    );
    assert.deepEqual(rows[0]?.limits, [1, 2, 3, 4, 5, 6, 7, 8], `round ${round}`);
    await db.admin.query(`drop role ${roles.join(', ')}`);
  }
});

it('what may not be done is told, with no password in it', async () => {
  const { warnings } = await restoreRoles(
    sessions[0] as AdminConnection,
    `CREATE ROLE ${roles[0]};\nALTER ROLE ${roles[0]} WITH LOGIN VALID UNTIL 'never, ever' PASSWORD 'SCRAM-SHA-256$secret';`,
  );
  assert.match(warnings[0]?.sentence ?? '', /invalid input syntax/);
  assert.doesNotMatch(JSON.stringify(warnings), /secret/);
});
