import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { HubError, isHubError } from '@quantum-hub/kernel';
import { startTcpProxy } from '../testing/tcp-proxy.ts';
import type { Database } from './database.ts';
import { Note, Tag } from './scratch-schema.ts';
import type { Session } from './session.ts';
import { openTestHub, type TestHub } from './test-hub.ts';

let hub: TestHub;
let database: Database;

before(async () => {
  hub = await openTestHub();
  database = hub.open();
});
after(() => hub[Symbol.asyncDispose]());

const insert = 'insert into scratch.notes (id, owner, text, amount) values ($1, $2, $3, $4)';

function execution(actor: string = randomUUID()) {
  return { as: 'execution', actor } as const;
}

function countOf(owner: string): Promise<number> {
  return hub.ask<number>('select count(*)::int from scratch.notes where owner = $1', [owner]);
}

test('begin, role and actor go out in one message: a unit of work with one statement is three messages', async () => {
  await using proxy = await startTcpProxy(hub.settings);
  const proxied = hub.open({
    connection: { ...hub.settings, host: proxy.host, port: proxy.port },
    pool: { max: 1 },
  });
  const scope = execution();
  for (const expected of [3, 3, 3]) {
    const count = proxy.roundTrips();
    // The first time, the role is inspected too, and the log-in has messages of its own; neither costs a round trip.
    await proxied.getDb((db) => db.query('select 1'), scope);
    assert.equal(proxy.roundTrips() - count, expected);
  }
  const opening = proxy.messages.filter(({ type, body }) => type === 'Q' && /^begin/.test(body.toString()));
  assert.equal(opening.length, 3);
  for (const { body } of opening) {
    assert.match(
      body.toString(),
      /^begin; set local role "qhub_execution"; set local qhub.actor = '[0-9a-f-]{36}'/,
    );
  }
  await proxied.close();
});

for (const { what, scope, ahead } of [
  { what: 'what is asked for at once is sent at once, behind the opening', scope: {}, ahead: 3 },
  {
    what: 'a single read is sent with opening and commit',
    scope: { readOnly: true, single: true },
    ahead: 3,
  },
  { what: 'a single write waits for its answer before it is committed', scope: { single: true }, ahead: 2 },
]) {
  test(what, async () => {
    await using proxy = await startTcpProxy(hub.settings);
    const { host, port } = proxy;
    const proxied = hub.open({ connection: { ...hub.settings, host, port }, pool: { max: 1 } });
    const unit = { ...execution(), ...scope };
    await proxied.getDb((db) => db.query('select 1'), unit);
    const before = proxy.roundTrips();
    const sent = Promise.withResolvers<void>();
    proxy.onMessage = () => proxy.roundTrips() - before === ahead && sent.resolve();
    const release = proxy.holdAnswers();
    const count = 'single' in scope ? 1 : 2;
    const answers = proxied.getDb(
      (db) => Promise.all(Array.from({ length: count }, () => db.query('select 1 as n'))),
      unit,
    );
    await sent.promise;
    await setImmediate();
    assert.equal(proxy.roundTrips() - before, ahead);
    release();
    assert.deepEqual(
      (await answers).map(({ rows }) => rows),
      Array(count).fill([{ n: 1 }]),
    );
    assert.equal(proxy.roundTrips() - before, count + 2);
    await proxied.close();
  });
}

test('a unit of work for a single read refuses a second statement, tells its failure, and leaves a connection that works', async () => {
  const one = hub.open({ pool: { max: 1 } });
  const scope = { ...execution(), readOnly: true, single: true };
  for (let round = 0; round < 2; round += 1) {
    const twice = one.getDb(async (db) => {
      await db.query('select 1');
      await db.query('select 2');
    }, scope);
    await assert.rejects(twice, /session has ended \(it was opened for a single statement\)/);
    const bad = one.getDb((db) => db.query('select 1 / 0'), scope);
    await assert.rejects(bad, (error) => isHubError(error, 'database.value_invalid'));
    const caught = one.getDb((db) => db.query('select 1 / 0').catch(() => {}), scope);
    await assert.rejects(caught, (error) => isHubError(error, 'database.value_invalid'));
    await one.getDb(async () => {}, scope);
    const write = one.getDb((db) => db.query(insert, [randomUUID(), scope.actor, 'x', 1]), scope);
    await assert.rejects(write, (error) => isHubError(error, 'database.read_only'));
    const { rows } = await one.getDb((db) => db.query('select 1 as n'), scope);
    assert.deepEqual(rows, [{ n: 1 }]);
  }
});

test('role and actor hold through every door: ORM, Kysely and raw SQL', async () => {
  const scope = execution();
  const question = 'select current_user::text as role, hub.actor()::text as actor';
  const expected = { role: 'qhub_execution', actor: scope.actor };
  await database.getDb(async (db) => {
    assert.deepEqual((await db.query(question)).rows, [expected]);
    assert.deepEqual(await db.em.execute(question), [expected]);
    const { sql } = await import('kysely');
    assert.deepEqual((await sql.raw(question).execute(db.kysely)).rows, [expected]);
    assert.deepEqual((await sql.raw(question).execute(db.em.getKysely())).rows, [expected]);
  }, scope);
});

test('one user sees only own rows, and without an actor there are none', async () => {
  const [mine, other] = [execution(), execution()];
  await database.getDb((db) => db.query(insert, [randomUUID(), mine.actor, 'a', 1]), mine);
  const seen = (scope: { as: 'execution'; actor?: string }) =>
    database.getDb(
      async (db) => [
        await db.em.count(Note, {}),
        (await db.kysely.selectFrom('scratch.notes').selectAll().execute()).length,
        (await db.query('select from scratch.notes')).rowCount,
      ],
      scope,
    );
  assert.deepEqual(await seen(mine), [1, 1, 1]);
  assert.deepEqual(await seen(other), [0, 0, 0]);
  assert.deepEqual(await seen({ as: 'execution' }), [0, 0, 0]);
});

test('the next user of a connection gets nothing of the one before: no role, no actor, also after an error', async () => {
  const single = hub.open({ pool: { max: 1 } });
  const first = execution();
  await assert.rejects(single.getDb((db) => db.query('select 1 / 0'), first));
  await single.getDb((db) => db.query('select 1'), first);
  const question = `select current_user::text as role, current_setting('qhub.actor', true) as actor`;
  const { rows } = await single.getDb((db) => db.query(question), { as: 'identity' });
  assert.deepEqual(rows, [{ role: 'qhub_identity', actor: '' }]);
  assert.equal(single.poolFigures().total, 1);
});

test('what was changed through the ORM is flushed and committed, with relations and exact numbers', async () => {
  const scope = execution();
  const id = randomUUID();
  await database.getDb(async ({ em }) => {
    const note = em.create(Note, { id, owner: scope.actor, text: 'draft', amount: 2n ** 60n } as never);
    em.create(Tag, { id: randomUUID(), note, name: 'red' } as never);
  }, scope);
  await database.getDb(async ({ em }) => {
    const note = await em.findOneOrFail(Note, { id });
    assert.equal(note.amount, 2n ** 60n);
    note.text = 'final';
  }, scope);
  const [text, tags] = await database.getDb(async ({ em }) => {
    const note = await em.findOneOrFail(Note, { id }, { populate: ['tags'] });
    return [note.text, note.tags.getItems().map((tag) => tag.name)];
  }, scope);
  assert.deepEqual([text, tags], ['final', ['red']]);
});

test('rows of raw and Kysely statements have exact types', async () => {
  const { rows } = await database.getDb(
    (db) =>
      db.query(`select 9007199254740993 as big, array[1::bigint, null] as bigs, date '2026-01-31' as day,
        timestamptz '2026-01-31 12:00:00+00' as at, 1.10::numeric as exact, '{"a":1}'::jsonb as json`),
    execution(),
  );
  assert.deepEqual(rows, [
    {
      big: 9007199254740993n,
      bigs: [1n, null],
      day: '2026-01-31',
      at: new Date('2026-01-31T12:00:00Z'),
      exact: '1.10',
      json: { a: 1 },
    },
  ]);
});

test('an error rolls everything back, whichever door had written', async () => {
  const scope = execution();
  const failure = new Error('changed my mind');
  const work = database.getDb(async (db) => {
    await db.query(insert, [randomUUID(), scope.actor, 'raw', 1]);
    db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: 'orm' } as never);
    await db.em.flush();
    throw failure;
  }, scope);
  await assert.rejects(work, (error) => error === failure);
  assert.equal(await countOf(scope.actor), 0);
});

test('after its end a session refuses every use, and says so', async () => {
  const kept = await database.getDb(async (db) => {
    const note = db.em.create(Note, { id: randomUUID(), owner: db.scope.actor, text: 'x' } as never);
    return { db, em: db.em, kysely: db.kysely, note };
  }, execution());
  const ended = (error: unknown) =>
    error instanceof Error &&
    /session has ended \(it was committed\).*only inside its unit of work/.test(error.message);
  await assert.rejects(kept.db.query('select 1'), ended);
  await assert.rejects(kept.em.find(Note, {}), ended);
  await assert.rejects(kept.em.refresh(kept.note), ended);
  await assert.rejects(kept.kysely.selectFrom('scratch.notes').selectAll().execute(), ended);
});

test('the ORM has no way around the unit of work: forks, own transactions and its own commit are refused', async () => {
  const attempts: ((db: Session) => Promise<unknown>)[] = [
    (db) => db.em.fork().find(Note, {}),
    (db) => db.em.fork().begin(),
    (db) => db.em.getConnection().execute('select 1'),
    (db) => db.em.commit(),
    (db) => db.kysely.transaction().execute(async () => {}),
  ];
  for (const attempt of attempts) {
    await assert.rejects(
      database.getDb(attempt, execution()),
      /not bound to a unit of work|commits and rolls back by itself|not supported/,
    );
  }
});

test('a savepoint undoes its part only, through the ORM and through raw SQL', async () => {
  const scope = execution();
  await database.getDb(async (db) => {
    await db.query(insert, [randomUUID(), scope.actor, 'kept', 1]);
    const nested = db.em.transactional(async (em) => {
      em.create(Note, { id: randomUUID(), owner: scope.actor, text: 'kept' } as never);
    });
    await assert.rejects(nested, /notes_owner_text_unique/);
    await db.query('savepoint s');
    await assert.rejects(db.query(insert, [randomUUID(), scope.actor, 'kept', 1]));
    await db.query('rollback to savepoint s');
    await db.query(insert, [randomUUID(), scope.actor, 'after', 1]);
  }, scope);
  assert.equal(await countOf(scope.actor), 2);
});

test('statements that would end the transaction or change the session are refused before they are sent', async () => {
  for (const sql of [
    'commit',
    ' ROLLBACK',
    'end',
    'begin',
    'set role postgres',
    'reset role',
    'discard all',
    'set local role x',
    'listen x',
    "set search_path = ''",
  ]) {
    await assert.rejects(
      database.getDb((db) => db.query(sql), execution()),
      /A unit of work cannot run/,
      sql,
    );
  }
  await database.getDb((db) => db.query("set local statement_timeout = '1s'"), execution());
});

test('a text carries one statement only, with values or without', async () => {
  await assert.rejects(
    database.getDb((db) => db.query('select 1; select 2'), execution()),
    (error) => isHubError(error, 'database.statement_failed'),
  );
  await assert.rejects(database.getDb((db) => db.em.execute('select 1; select 2'), execution()));
});

test('a failed statement that was caught does not end in a silent rollback: the unit of work fails with it', async () => {
  const scope = execution();
  const work = database.getDb(async (db) => {
    await db.query(insert, [randomUUID(), scope.actor, 'lost?', 1]);
    await db.query(insert, [randomUUID(), scope.actor, 'lost?', 1]).catch(() => {});
  }, scope);
  await assert.rejects(work, (error) => isHubError(error, 'database.unique_violated'));
  assert.equal(await countOf(scope.actor), 0);
});

test('a statement that nobody awaits makes the unit of work fail instead of being half done', async () => {
  const scope = execution();
  const work = database.getDb(async (db) => {
    db.query(insert, [randomUUID(), scope.actor, 'floating', 1]).catch(() => {});
  }, scope);
  await assert.rejects(work, /an await is missing; nothing was written/);
  assert.equal(await countOf(scope.actor), 0);
});

test('statements started together run one after the other, in their order', async () => {
  const warnings: Error[] = [];
  const heard = (warning: Error) => warnings.push(warning);
  process.on('warning', heard);
  const order = await database.getDb(
    (db) => Promise.all([3, 1, 2].map(async (n) => (await db.query('select $1::int as n', [n])).rows[0]?.n)),
    execution(),
  );
  assert.deepEqual(order, [3, 1, 2]);
  process.off('warning', heard);
  // node-postgres warns where it has to queue: its queue goes with version 9.
  assert.deepEqual(warnings, []);
});

test('isolation and read-only reach the server', async () => {
  const question = `select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro`;
  const scope = { ...execution(), isolation: 'serializable', readOnly: true } as const;
  const { rows } = await database.getDb((db) => db.query(question), scope);
  assert.deepEqual(rows, [{ level: 'serializable', ro: 'on' }]);
  await assert.rejects(
    database.getDb((db) => db.query(insert, [randomUUID(), scope.actor, 'x', 1]), scope),
    (error) => isHubError(error, 'database.read_only'),
  );
});

test('a unit of work that keeps plans keeps those of named statements, and the next one on its connection does not', async () => {
  const one = hub.open({ pool: { max: 1 } });
  const question = `select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as reads`;
  const ask = async (keepPlans: boolean) =>
    (await one.getDb((db) => db.query(question), { ...execution(), keepPlans })).rows[0];
  await ask(false);
  assert.deepEqual(await ask(true), { plans: 'force_generic_plan', reads: 'off' });
  assert.deepEqual(await ask(false), { plans: 'auto', reads: 'on' });
});

test('nothing but a UUID reaches the opening message as actor', async () => {
  for (const actor of ["'; drop schema scratch; --", 'me', `${randomUUID()}'`]) {
    await assert.rejects(
      database.getDb((db) => db.query('select 1'), execution(actor)),
      /not a UUID/,
    );
  }
  await assert.rejects(
    database.getDb(async () => {}, { as: 'postgres' as 'identity' }),
    /No database role is called "postgres"/,
  );
});

test('errors name the constraint or its own code, and no value of a row', async () => {
  const coded = hub.open({ constraintCodes: { notes_custom: 'execution.job_finished' } });
  const scope = execution();
  const secret = `pLaNtEd-${randomUUID()}`;
  const tries: [code: string, work: (db: Session) => Promise<unknown>][] = [
    [
      'database.unique_violated',
      async (db) => {
        await db.query(insert, [randomUUID(), scope.actor, secret, 1]);
        await db.query(insert, [randomUUID(), scope.actor, secret, 1]);
      },
    ],
    [
      'database.unique_violated',
      async (db) => {
        db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: secret } as never);
        db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: secret } as never);
        await db.em.flush();
      },
    ],
    ['database.value_invalid', (db) => db.query('select $1::uuid', [secret])],
    ['database.value_invalid', (db) => db.em.execute('select ?::int', [secret])],
    ['database.check_violated', (db) => db.query(insert, [randomUUID(), scope.actor, '', 1])],
    ['database.not_null_violated', (db) => db.query(insert, [randomUUID(), scope.actor, null, 1])],
    [
      'database.reference_missing',
      (db) => db.query('insert into scratch.tags values ($1, $1, $2)', [randomUUID(), secret]),
    ],
    ['database.access_denied', (db) => db.query(insert, [randomUUID(), randomUUID(), secret, 1])],
    ['execution.job_finished', (db) => db.query('select scratch.refuse($1)', [secret])],
    ['execution.job_finished', (db) => db.em.execute('select scratch.refuse(?)', [secret])],
    [
      'database.statement_failed',
      (db) => db.em.execute(`select from scratch.notes where text = '${secret}' syntax error`),
    ],
  ];
  for (const [code, work] of tries) {
    await assert.rejects(coded.getDb(work, scope), (error) => {
      assert.ok(error instanceof HubError && error.code === code, `${code}: ${inspect(error)}`);
      assert.ok(
        !inspect(error, { depth: 9, showHidden: true }).includes(secret),
        inspect(error, { depth: 9 }),
      );
      return true;
    });
  }
});

test('large results can be streamed, through Kysely and through the ORM', async () => {
  const { sql } = await import('kysely');
  const seen = await database.getDb(async (db) => {
    let sum = 0;
    const query = db.kysely
      .selectFrom(sql<{ n: number }>`generate_series(1, ${1000}::int)`.as('n'))
      .select('n');
    for await (const row of query.stream(64)) sum += Number(row.n);
    return sum;
  }, execution());
  assert.equal(seen, 500_500);
});

test('an async session commits only when told, and only once', async () => {
  const scope = execution();
  {
    await using db = await database.getAsyncDb(scope);
    await db.query(insert, [randomUUID(), scope.actor, 'forgotten', 1]);
  }
  assert.equal(await countOf(scope.actor), 0);
  {
    await using db = await database.getAsyncDb(scope);
    db.em.create(Note, { id: randomUUID(), owner: scope.actor, text: 'kept' } as never);
    await db.commit();
    await assert.rejects(db.commit(), /session has ended \(it was committed\)/);
    await assert.rejects(db.query('select 1'), /session has ended/);
  }
  assert.equal(await countOf(scope.actor), 1);
  assert.equal(database.poolFigures().idle, database.poolFigures().total);
});

test('an async session whose commit fails is rolled back with a clear error', async () => {
  const scope = execution();
  await using db = await database.getAsyncDb(scope);
  await db.query('set constraints scratch.tags_note_id_fkey deferred');
  await db.query('insert into scratch.tags values ($1, $1, $2)', [randomUUID(), 'orphan']);
  await assert.rejects(db.commit(), (error) => isHubError(error, 'database.reference_missing'));
  await assert.rejects(db.query('select 1'), /session has ended/);
});
