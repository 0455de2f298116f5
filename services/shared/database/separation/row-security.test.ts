/**
 * Guarantee: as whichever service and through whichever door, a session that acts for one user neither
 * reads nor writes another user's rows; without an actor it sees no owned row at all.
 *
 * What row security does not hide: a foreign key says whether an id exists (the check runs as the owner), so
 * ids are random and use cases answer a foreign id as they answer one that does not exist.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '@quantum-hub/kernel';
import type { Client } from 'pg';
import { type Privileges, privileges } from '../models/privileges.ts';
import { serviceRoles } from '../provision/roles.ts';
import { tryAs, verdict } from '../testing/acting.ts';
import { makeApp, makeListing, makeUser, makeVersion } from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { makeOwner, type OwnedRows, ownedTables, ownerColumns } from '../testing/two-users.ts';

let db: TestDatabase;
let admin: Client;
let mine: OwnedRows;
let theirs: OwnedRows;

before(async () => {
  db = await createTestDatabase();
  admin = db.admin;
  mine = await makeOwner(admin);
  theirs = await makeOwner(admin);
});
after(async () => await db[Symbol.asyncDispose]());

const denied = '42501';
const services = Object.values(serviceRoles);

function rights(role: string, table: string): Privileges {
  return (privileges[role] as Readonly<Record<string, Privileges>> | undefined)?.[table] ?? {};
}

/** Each service with each owned table that it can read at all. */
const readers = services.flatMap((role) =>
  ownedTables.filter((table) => rights(role, table).select).map((table) => ({ role, table })),
);
const isOwnersService = ({ role, table }: { role: string; table: string }) =>
  role === `qhub_${table.split('.')[0]}`;

describe('rows of another user', () => {
  it('are read by no service, while its own rows are', async () => {
    assert.ok(readers.length >= ownedTables.length, 'every owned table has a service that reads it');
    for (const { role, table } of readers) {
      const outcome = await tryAs(admin, { role, actor: mine.userId }, `select id from ${table}`);
      assert.ok('rows' in outcome, `${role} reads ${table}`);
      const ids = outcome.rows.map(({ id }) => id);
      assert.deepEqual(ids, [mine.ids[table]], `${role} sees exactly its actor's row of ${table}`);
    }
  });

  it('are changed and deleted by no service, not even with `where true`', async () => {
    for (const { role, table } of readers) {
      const acting = { role, actor: mine.userId };
      const their = [theirs.ids[table]];
      const update = await tryAs(
        admin,
        acting,
        `update ${table} set created_at = now() where true returning id`,
      );
      if (rights(role, table).update === true) {
        assert.deepEqual(
          'rows' in update && update.rows,
          [{ id: mine.ids[table] }],
          `${role} updates ${table}`,
        );
      } else {
        assert.equal(verdict(update), denied, `${role} updates ${table}`);
      }
      const deletion = await tryAs(admin, acting, `delete from ${table} where id = $1`, their);
      if (rights(role, table).delete === true)
        assert.equal('count' in deletion && deletion.count, 0, `${role} ${table}`);
      else assert.equal(verdict(deletion), denied, `${role} deletes from ${table}`);
      const locked = await tryAs(admin, acting, `select id from ${table} where id = $1 for update`, their);
      assert.ok(
        verdict(locked) === denied || ('count' in locked && locked.count === 0),
        `${role} locks ${table}`,
      );
    }
  });

  it('are not made: no service inserts a row that belongs to another user', async () => {
    for (const { role, table } of readers) {
      const { rows } = await admin.query(`select to_jsonb(t) as row from ${table} t where id = $1`, [
        theirs.ids[table],
      ]);
      const copy = { ...rows[0].row, ...(table !== 'identity.users' && { id: newId() }) };
      const outcome = await tryAs(
        admin,
        { role, actor: mine.userId },
        `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`,
        [JSON.stringify(copy)],
      );
      assert.equal(verdict(outcome), denied, `${role} inserts into ${table}`);
    }
  });

  it("are not got by giving rows away: no service makes its actor's row another user's", async () => {
    for (const { role, table } of readers) {
      const [column, value] = ownerColumns[table]?.(theirs) ?? [];
      const outcome = await tryAs(
        admin,
        { role, actor: mine.userId },
        `update ${table} set "${column}" = $1 where id = $2`,
        [value, mine.ids[table]],
      );
      assert.equal(verdict(outcome), denied, `${role} moves its row of ${table}`);
    }
  });

  it('are not shown by an upsert, which would otherwise turn an insert into an update of them', async () => {
    const { rows } = await admin.query(
      'select to_jsonb(t) as row from development.projects t where id = $1',
      [theirs.ids['development.projects']],
    );
    const row = { ...rows[0].row, owner_id: mine.userId };
    const outcome = await tryAs(
      admin,
      { role: serviceRoles.development, actor: mine.userId },
      `insert into development.projects select * from jsonb_populate_record(null::development.projects, $1)
         on conflict (id) do update set name = 'taken' returning *`,
      [JSON.stringify(row)],
    );
    assert.equal(verdict(outcome), denied);
  });

  it('are not counted, joined, or reached by a sub-select of RETURNING', async () => {
    for (const { role, table } of readers) {
      const acting = { role, actor: mine.userId };
      const counted = await tryAs(
        admin,
        acting,
        `select (select count(*) from ${table} where id = $1)::integer as n`,
        [theirs.ids[table]],
      );
      assert.deepEqual('rows' in counted && counted.rows, [{ n: 0 }], `${role} counts ${table}`);
      if (rights(role, table).update !== true) continue;
      const returned = await tryAs(
        admin,
        acting,
        `update ${table} t set created_at = now() returning (select count(*) from ${table} o where o.id = $1)::integer as n`,
        [theirs.ids[table]],
      );
      assert.deepEqual('rows' in returned && returned.rows, [{ n: 0 }], `${role} returns of ${table}`);
    }
  });

  it('are not told by the error of an expression: the policy is asked before the condition', async () => {
    const { id: nobody } = await makeUser(admin);
    for (const { role, table } of readers.filter(({ table }) => table !== 'identity.users')) {
      const probe = `select id from ${table} where 1 / (case when id is null then 1 else 0 end) > 0`;
      const outcome = await tryAs(admin, { role, actor: nobody }, probe);
      assert.deepEqual(outcome, { rows: [], count: 0 }, `${role} probes ${table}`);
    }
  });

  it('are not in what COPY gives, and COPY brings none in', async () => {
    for (const { role, table } of readers.filter(isOwnersService)) {
      const chunks: string[] = [];
      const listen = ({ chunk }: { chunk: Buffer }) => chunks.push(chunk.toString());
      const { connection } = admin as unknown as { connection: NodeJS.EventEmitter };
      connection.on('copyData', listen);
      const outcome = await tryAs(
        admin,
        { role, actor: mine.userId },
        `copy (select id from ${table}) to stdout`,
      );
      const whole = await tryAs(admin, { role, actor: mine.userId }, `copy ${table} to stdout`);
      connection.off('copyData', listen);
      assert.deepEqual([verdict(outcome), verdict(whole)], ['done', 'done']);
      const text = chunks.join('');
      assert.ok(text.includes(String(mine.ids[table])), `COPY of ${table} gives the own row`);
      assert.ok(!text.includes(String(theirs.ids[table])), `COPY of ${table} gives no other`);
      const into = verdict(await tryAs(admin, { role, actor: mine.userId }, `copy ${table} from stdin`));
      assert.ok(['0A000', denied].includes(into), `COPY into ${table} gives ${into}`);
    }
  });

  it('are not in any partition, view or foreign table that a service could read instead', async () => {
    const { rows } = await admin.query(
      `select c.oid::regclass::text as name from pg_class c
        where relnamespace >= 16384 and (relispartition and relkind in ('r', 'p') or relkind in ('v', 'm', 'f'))`,
    );
    for (const role of services) {
      for (const { name } of rows) {
        assert.equal(
          verdict(await tryAs(admin, { role, actor: mine.userId }, `select * from ${name}`)),
          denied,
          `${role}: ${name}`,
        );
      }
    }
  });

  it('are found before sign-in by the exact hash or name, and by nothing less', async () => {
    const { identity, marketplace } = serviceRoles;
    const short = (hash: Buffer) => hash.subarray(0, 31);
    const looks: [string, string, unknown, unknown][] = [
      [identity, 'identity.find_api_key', theirs.apiKeyHash, short(theirs.apiKeyHash)],
      [identity, 'identity.find_email_token', theirs.emailTokenHash, short(theirs.emailTokenHash)],
      [identity, 'identity.find_session', theirs.sessionHash, short(theirs.sessionHash)],
      [
        marketplace,
        'marketplace.find_subscription_key',
        theirs.subscriptionKeyHash,
        short(theirs.subscriptionKeyHash),
      ],
      [identity, 'identity.find_sign_in', theirs.username.toUpperCase(), `${theirs.username.slice(0, -1)}%`],
    ];
    for (const [role, call, exact, less] of looks) {
      const count = async (value: unknown) => {
        const outcome = await tryAs(admin, { role }, `select * from ${call}($1)`, [value]);
        return 'count' in outcome ? outcome.count : outcome.code;
      };
      assert.deepEqual([await count(exact), await count(less), await count(null)], [1, 0, 0], call);
    }
  });
});

describe('the actor', () => {
  it('is needed: without one, no service sees or changes a row that has an owner', async () => {
    await makePublic();
    for (const actor of [undefined, '']) {
      for (const { role, table } of readers) {
        const seen = await tryAs(admin, { role, actor }, `select id from ${table}`);
        assert.deepEqual(seen, { rows: [], count: 0 }, `${role}: ${table}`);
        if (rights(role, table).update !== true) continue;
        const changed = await tryAs(admin, { role, actor }, `update ${table} set created_at = now()`);
        assert.equal('count' in changed && changed.count, 0, `${role}: update of ${table}`);
      }
    }
  });

  it('that is no UUID is an error, and never means everybody', async () => {
    for (const { role, table } of readers) {
      for (const actor of ['everybody', '%', `${mine.userId}' or true --`, 'null']) {
        assert.equal(
          verdict(await tryAs(admin, { role, actor }, `select id from ${table}`)),
          '22P02',
          `${role}: ${table}`,
        );
      }
    }
  });

  it("that is nobody's id sees nothing of anybody", async () => {
    for (const { role, table } of readers.filter(isOwnersService)) {
      const outcome = await tryAs(
        admin,
        { role, actor: newId() },
        `select id from ${table} where id = any($1)`,
        [[mine.ids[table], theirs.ids[table]]],
      );
      assert.deepEqual(outcome, { rows: [], count: 0 }, `${role}: ${table}`);
    }
  });

  it('goes with the transaction: the next one on the same connection has none', async () => {
    await tryAs(admin, { role: serviceRoles.identity, actor: mine.userId }, 'select 1');
    const { rows } = await admin.query('select hub.actor() as actor');
    assert.deepEqual(rows, [{ actor: null }]);
  });
});

/** Something that every signed-in user may see, in each table that has such rows. */
async function makePublic(): Promise<void> {
  const app = await makeApp(admin, { published: true, developer_id: (await makeUser(admin)).id });
  await makeVersion(admin, { app_id: app.id, released: true });
  await makeListing(admin, { app_id: app.id, lister_id: app.developer_id });
}
