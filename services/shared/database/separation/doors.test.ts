/**
 * Guarantee: through each of the three doors that a unit of work has (entity manager, Kysely, SQL), a user's
 * session reads and writes that user's rows and nobody else's.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { wrap } from '@mikro-orm/core';
import { isHubError, newId } from '@quantum-hub/kernel';
import { Database } from '../connection/database.ts';
import { models } from '../models/index.ts';
import { ormOptions } from '../models/orm-options.ts';
import type { ServiceName } from '../provision/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { makeOwner, type OwnedRows, ownedTables } from '../testing/two-users.ts';

let db: TestDatabase;
let hub: Database;
let mine: OwnedRows;
let theirs: OwnedRows;

before(async () => {
  db = await createTestDatabase();
  mine = await makeOwner(db.admin);
  theirs = await makeOwner(db.admin);
  hub = new Database({ connection: db.application, service: 'test', orm: ormOptions });
});
after(async () => {
  await hub.close();
  await db[Symbol.asyncDispose]();
});

const serviceOf = (table: string) => table.split('.')[0] as ServiceName;
const ownedModels = Object.values(models).filter((model) => ownedTables.includes(tableOf(model)));

function tableOf({ meta }: { meta: { schema?: string; tableName: string } }): string {
  return `${meta.schema}.${meta.tableName}`;
}

/** The key of the one row; what a job has many of stands under its id and a number, as ORM writes it. */
function keyOf(model: (typeof ownedModels)[number]): unknown {
  const id = mine.ids[tableOf(model)];
  return 'number' in model.meta.properties ? { id, number: 1 } : id;
}

describe('the entity manager', () => {
  it('finds and counts the rows of the actor, and none without one', async () => {
    assert.equal(ownedModels.length, ownedTables.length);
    for (const model of ownedModels) {
      const as = serviceOf(tableOf(model));
      const find = async (actor?: string) =>
        await hub.getDb(
          async ({ em }) => {
            const found = await em.find(model as typeof models.User, {});
            const count = await em.count(model as typeof models.User, {});
            const primaryKeys = found.map((row) => wrap(row, true).getPrimaryKey());
            return { primaryKeys, count };
          },
          { as, actor },
        );
      assert.deepEqual(
        await find(mine.userId),
        { primaryKeys: [keyOf(model)], count: 1 },
        model.meta.className,
      );
      assert.deepEqual(await find(), { primaryKeys: [], count: 0 }, model.meta.className);
    }
  });

  it('populates relations with the rows of the actor only', async () => {
    const users = await hub.getDb(
      async ({ em }) => {
        const found = await em.find(models.User, {}, { populate: ['apiKeys', 'sessions', 'profile'] });
        return found.map((user) => ({
          id: user.id,
          keys: user.apiKeys.getItems().map(({ id }) => id),
          sessions: user.sessions.getItems().map(({ id }) => id),
        }));
      },
      { as: 'identity', actor: mine.userId },
    );
    const { 'identity.user_api_keys': key, 'identity.user_sessions': session } = mine.ids;
    assert.deepEqual(users, [{ id: mine.userId, keys: [key], sessions: [session] }]);
  });

  it("finds nothing under the id of another user's row, and changes and deletes nothing", async () => {
    const project = String(theirs.ids['development.projects']);
    const scope = { as: 'development', actor: mine.userId } as const;
    const outcome = await hub.getDb(
      async ({ em }) => ({
        found: await em.findOne(models.Project, project),
        updated: await em.nativeUpdate(models.Project, { id: project }, { name: 'taken' }),
        deleted: await em.nativeDelete(models.Project, { id: project }),
      }),
      scope,
    );
    assert.deepEqual(outcome, { found: null, updated: 0, deleted: 0 });
  });

  it('makes no row that belongs to another user', async () => {
    const work = hub.getDb(
      async ({ em }) => {
        em.create(models.Project, { id: newId(), owner: theirs.userId, name: 'planted' } as never);
      },
      { as: 'development', actor: mine.userId },
    );
    await assert.rejects(work, (error) => isHubError(error) && error.code === 'database.access_denied');
  });
});

describe('Kysely and SQL', () => {
  it('select, update and delete the rows of the actor only', async () => {
    for (const table of ownedTables) {
      const scope = { as: serviceOf(table), actor: mine.userId };
      const their = String(theirs.ids[table]);
      const built = await hub.getDb(({ kysely }) => kysely.selectFrom(table).select('id').execute(), scope);
      assert.deepEqual(built, [{ id: mine.ids[table] }], `Kysely: ${table}`);
      const { rows } = await hub.getDb((session) => session.query(`select id from ${table}`), scope);
      assert.deepEqual(rows, [{ id: mine.ids[table] }], `SQL: ${table}`);
      const { rowCount } = await hub.getDb(
        (session) => session.query(`select 1 from ${table} where id = $1`, [their]),
        scope,
      );
      assert.equal(rowCount, 0, table);
    }
    const [changed] = await hub.getDb(
      ({ kysely }) =>
        kysely
          .updateTable('identity.user_profiles')
          .set({ bio: 'x' })
          .where('id', '=', theirs.ids['identity.user_profiles'])
          .execute(),
      { as: 'identity', actor: mine.userId },
    );
    assert.equal(changed?.numUpdatedRows, 0n);
  });

  it('see nothing without an actor', async () => {
    for (const table of ownedTables) {
      const as = serviceOf(table);
      assert.deepEqual(
        await hub.getDb(({ kysely }) => kysely.selectFrom(table).select('id').execute(), { as }),
        [],
        table,
      );
      assert.equal(
        (await hub.getDb((session) => session.query(`select id from ${table}`), { as })).rowCount,
        0,
        table,
      );
    }
  });

  it('cannot become somebody else by a change of the actor that outlives the unit of work', async () => {
    await hub.getDb(
      (session) => session.query(`select set_config('qhub.actor', $1, true)`, [theirs.userId]),
      {
        as: 'identity',
        actor: mine.userId,
      },
    );
    const { rows } = await hub.getDb((session) => session.query('select id from identity.users'), {
      as: 'identity',
      actor: mine.userId,
    });
    assert.deepEqual(rows, [{ id: mine.userId }]);
  });
});
