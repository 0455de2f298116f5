import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { Note } from './scratch-schema.ts';
import { openTestHub, type TestHub } from './test-hub.ts';
import { type PgBouncer, startPgBouncer } from './test-pgbouncer.ts';
import { without } from './test-programs.ts';

const skip = without('pgbouncer', 'pgbouncer');
let hub: TestHub;
let bouncer: PgBouncer;

before(async () => {
  if (skip) return;
  hub = await openTestHub();
  bouncer = await startPgBouncer(hub.settings);
});
after(async () => {
  await bouncer?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

function pooled(prepared?: 'auto' | 'on') {
  const connection = { ...hub.settings, host: bouncer.host, port: bouncer.port };
  return hub.open({ connection, pool: { max: 8 }, prepared });
}

function many<Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

test('behind PgBouncer eight clients share two connections and none sees role or actor of another', {
  skip,
}, async () => {
  const database = pooled();
  const seen = await many(80, async (index) => {
    const scope = { as: index % 2 ? 'execution' : 'identity', actor: randomUUID() } as const;
    const { rows } = await database.getDb(
      (db) =>
        db.query('select current_user::text as role, hub.actor()::text as actor, pg_backend_pid() as pid'),
      scope,
    );
    assert.deepEqual({ ...rows[0], pid: 0 }, { role: `qhub_${scope.as}`, actor: scope.actor, pid: 0 });
    return rows[0]?.pid;
  });
  assert.ok(new Set(seen).size <= 2);
});

test('named statements are left unnamed behind PgBouncer, where they would be lost', { skip }, async () => {
  const run = (prepared: 'auto' | 'on') => {
    const database = pooled(prepared);
    const statement = (value: number) => ({
      name: `named_${prepared}`,
      text: 'select $1::int as n, pg_sleep(0.01)',
      values: [value],
    });
    return many(40, async (index) => {
      const { rows } = await database.getDb((db) => db.query(statement(index)), { as: 'identity' });
      assert.equal(rows[0]?.n, index);
    });
  };
  await run('auto');
  // This version of PgBouncer does not carry them: the test above would fail if they were sent.
  await assert.rejects(run('on'), (error) => isHubError(error, 'database.statement_failed'));
});

test('plans are not kept behind PgBouncer: each statement would be planned for all values anew', {
  skip,
}, async () => {
  const database = pooled();
  for (let unit = 0; unit < 3; unit += 1) {
    const { rows } = await database.getDb(
      (db) =>
        db.query(`select current_setting('plan_cache_mode') as plans, $1::boolean as kept`, [
          db.keepsStatements,
        ]),
      { as: 'identity', keepPlans: true },
    );
    assert.deepEqual(rows, [{ plans: 'auto', kept: false }]);
  }
});

test('straight to the server named statements are kept', { skip }, async () => {
  const database = hub.open({ pool: { max: 1 } });
  const kept = () =>
    database.getDb(
      async (db) => {
        await db.query({ name: 'kept', text: 'select $1::int', values: [1] });
        return (await db.query(`select from pg_prepared_statements where name = 'kept'`)).rowCount;
      },
      { as: 'identity' },
    );
  assert.deepEqual([await kept(), await kept()], [1, 1]);
});

test('ORM, streams and savepoints work behind PgBouncer, and the time limits of the login hold', {
  skip,
}, async () => {
  const database = pooled();
  const scope = { as: 'execution', actor: randomUUID() } as const;
  await many(10, () =>
    database.getDb(async (db) => {
      const note = db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: randomUUID() } as never);
      await db.em.flush();
      await assert.rejects(db.em.transactional((em) => em.execute('select 1 / 0')));
      assert.equal((await db.em.find(Note, { id: note.id })).length, 1);
      assert.equal(
        (await db.query<{ limit: string }>(`select current_setting('statement_timeout') as limit`)).rows[0]
          ?.limit,
        '15s',
      );
    }, scope),
  );
  assert.equal(await hub.ask('select count(*)::int from scratch.notes where owner = $1', [scope.actor]), 10);
});

test('an abort is passed on by PgBouncer', { skip }, async () => {
  const controller = new AbortController();
  const work = pooled().getDb(
    async (db) => {
      const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
      const sleeping = db.query('select pg_sleep(30)');
      while (
        (await hub.ask('select wait_event from pg_stat_activity where pid = $1', [rows[0]?.pid])) !==
        'PgSleep'
      );
      controller.abort();
      await sleeping;
    },
    { as: 'execution', signal: controller.signal },
  );
  await assert.rejects(work, (error) => isHubError(error, 'database.cancelled'));
  const asleep = `select count(*)::int from pg_stat_activity where wait_event = 'PgSleep' and query ~ 'sleep.30'`;
  while ((await hub.ask(asleep)) !== 0);
});

test('wrong names and passwords are told apart behind PgBouncer too', { skip }, async () => {
  const settings = { ...hub.settings, host: bouncer.host, port: bouncer.port };
  for (const [change, code] of [
    [{ password: 'wrong' }, 'database.wrong_password'],
    [{ user: 'nobody' }, 'database.wrong_password'],
    [{ database: 'nothing_here' }, 'database.unknown_database'],
  ] as const) {
    const database = hub.open({ connection: { ...settings, ...change } });
    await assert.rejects(
      database.getDb((db) => db.query('select 1'), { as: 'identity' }),
      (error) => {
        assert.ok(isHubError(error, code), `${code}: ${error}`);
        return true;
      },
    );
  }
});
