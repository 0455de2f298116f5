import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import fc from 'fast-check';
import type { Database } from './database.ts';
import { backoffMs } from './retry.ts';
import type { Session } from './session.ts';
import { openTestHub, type TestHub } from './test-hub.ts';

let hub: TestHub;
let database: Database;

before(async () => {
  hub = await openTestHub();
  database = hub.open();
});
after(() => hub[Symbol.asyncDispose]());

const scope = { as: 'execution', actor: randomUUID() } as const;
const read = 'select value from scratch.counters where name = $1';
const add = 'update scratch.counters set value = value + 1 where name = $1';

/** Lets parties go on when all of them have arrived; afterwards it is open. */
function meeting(parties: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = parties;
  return async () => {
    missing -= 1;
    if (missing <= 0) resolve();
    await promise;
  };
}

function counted(name: string): Promise<number> {
  return hub.ask<number>('select value from scratch.counters where name = $1', [name]);
}

test('serialization failures run the whole work again with a fresh session, until both are in', async () => {
  const before = await counted('a');
  const meet = meeting(2);
  const sessions = new Set<Session>();
  const increment = () =>
    database.getDb(
      async (db) => {
        sessions.add(db);
        await db.query(read, ['a']);
        await meet();
        await db.query(add, ['a']);
      },
      { ...scope, isolation: 'serializable' },
    );
  await Promise.all([increment(), increment()]);
  assert.equal(await counted('a'), before + 2);
  assert.ok(sessions.size >= 3, 'one of the two ran again, with a session of its own');
});

for (const door of ['raw', 'orm'] as const) {
  test(`a deadlock is resolved by running its victim again (${door})`, async () => {
    const [a, b] = [await counted('a'), await counted('b')];
    const meet = meeting(2);
    let runs = 0;
    const run = (db: Session, name: string) =>
      door === 'raw' ? db.query(add, [name]) : db.em.execute(add.replace('$1', '?'), [name]);
    const both = (first: string, second: string) =>
      database.getDb(async (db) => {
        runs += 1;
        await run(db, first);
        await meet();
        await run(db, second);
      }, scope);
    await Promise.all([both('a', 'b'), both('b', 'a')]);
    // On a busy machine the victim can fall again, over the one that has not committed yet.
    assert.ok(runs >= 3, `the two units of work ran ${runs} times in all`);
    assert.deepEqual([await counted('a'), await counted('b')], [a + 2, b + 2]);
  });
}

test('the failure is recognised when the work hides it behind an error of its own', async () => {
  const meet = meeting(2);
  let hidden = 0;
  const increment = () =>
    database.getDb(
      async (db) => {
        await db.query(read, ['a']);
        await meet();
        await db.query(add, ['a']).catch(() => {
          hidden += 1;
          throw new Error('could not count');
        });
      },
      { ...scope, isolation: 'serializable' },
    );
  await Promise.all([increment(), increment()]);
  assert.equal(hidden, 1);
});

test('it gives up after the number of tries and says how many there were', async () => {
  let runs = 0;
  const work = database.getDb(
    async (db) => {
      runs += 1;
      await db.query(read, ['b']);
      await hub.test.admin.query(add, ['b']);
      await db.query(add, ['b']);
    },
    { ...scope, isolation: 'repeatable read', tries: 3 },
  );
  await assert.rejects(work, (error) => {
    assert.ok(isHubError(error, 'database.serialization_failed'));
    assert.match(error.message, /gave up after 3 attempts/);
    return true;
  });
  assert.equal(runs, 3);
});

test('other errors are not retried, and neither is an async session', async () => {
  let runs = 0;
  const failing = database.getDb(async (db) => {
    runs += 1;
    await db.query('select 1 / 0');
  }, scope);
  await assert.rejects(failing);
  assert.equal(runs, 1);
  await using db = await database.getAsyncDb({ ...scope, isolation: 'repeatable read' });
  await db.query(read, ['b']);
  await hub.test.admin.query(add, ['b']);
  await assert.rejects(db.query(add, ['b']), (error) => isHubError(error, 'database.serialization_failed'));
});

test('an abort ends the retries', async () => {
  const controller = new AbortController();
  const work = database.getDb(
    async (db) => {
      await db.query(read, ['b']);
      await hub.test.admin.query(add, ['b']);
      await db.query(add, ['b']).finally(() => controller.abort());
    },
    { ...scope, isolation: 'repeatable read', signal: controller.signal, tries: 1000 },
  );
  await assert.rejects(work, (error) => isHubError(error, 'database.cancelled'));
});

test('waits grow, are random over their whole range and never exceed one second', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const wait = backoffMs(attempt, () => random);
        assert.ok(wait >= 0 && wait <= Math.min(1000, 10 * 2 ** (attempt - 1)));
      },
    ),
  );
  assert.deepEqual(
    [1, 2, 5, 50].map((attempt) => backoffMs(attempt, () => 1)),
    [10, 20, 160, 1000],
  );
});
