/** Guarantee: with one key a creation happens once, its repetition gets the same answer, and a secret is never kept. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { constraintCodes, type Database, openDatabase, ormOptions } from '@quantum-hub/database';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { Hidden, hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import { Answer } from '../answers/answer.ts';
import { deleteExpiredAnswers } from '../queries/idempotent-answers.ts';
import { route } from '../route.ts';
import { startTestHub, type TestHub, testActor } from '../testing/index.ts';

let place: TestDatabase;
let database: Database;
let hub: TestHub;
let made = 0;
let gate: Promise<void> | undefined;
let fails = false;
const person = testActor();

const makeRoute = (path: string, idempotency: 'kept' | 'secret', maxSeconds = 30) =>
  route({
    method: 'POST',
    path,
    name: `make${path.replace(/\W/g, '')}`,
    maxSeconds,
    summary: 'Makes one.',
    tag: 'Things',
    access: { scope: 'execution:write' },
    idempotency,
    body: z.object({ name: z.string(), size: z.number().optional() }),
    answers: { 201: z.object({ number: z.number(), secret: z.string() }) },
    handle: async () => {
      await gate;
      if (fails) throw hubError('execution.job_finished', { job: 'x' });
      made += 1;
      return new Answer(201, { number: made, secret: 'shown-once' }, { location: `/v1/things/${made}` });
    },
  });

before(async () => {
  place = await createTestDatabase();
  const connection = { ...place.application, password: new Hidden(place.application.password) };
  database = await openDatabase({ connection, service: 'test', orm: ormOptions, constraintCodes });
  const routes = [
    makeRoute('/v1/things', 'kept'),
    makeRoute('/v1/secrets', 'secret'),
    makeRoute('/v1/hurried', 'kept', 0.05),
  ];
  hub = await startTestHub({ services: [{ service: 'execution', routes }] });
});
after(async () => {
  await hub[Symbol.asyncDispose]();
  await database.close();
  await place[Symbol.asyncDispose]();
});

const make = (key: string, body: unknown = { name: 'a' }, as = person, path = '/v1/things') =>
  hub.request('POST', path, { as, body, headers: { 'idempotency-key': key } });

test('the same request again gets the same answer and makes nothing, whatever the order of its members', async () => {
  const first = await make('one', { name: 'a', size: 1 });
  const again = await make('one', { size: 1, name: 'a' });
  assert.equal(first.headers.get('idempotency-replayed'), null);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.deepEqual(
    [again.status, again.body, again.headers.get('location')],
    [201, first.body, '/v1/things/1'],
  );
  assert.equal(made, 1);
});

test('another body with the key is refused; another person’s key is another key', async () => {
  const before = made;
  assert.equal((await make('one', { name: 'b' })).body.code, 'http.idempotency_key_reused');
  assert.equal((await make('one', { name: 'b' }, testActor())).status, 201);
  assert.equal((await make('no key at all')).body.code, 'http.invalid_idempotency_key');
  assert.equal(made, before + 1);
});

test('of many at once one makes; the others are told that it is under way', async () => {
  const before = made;
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  const answers = Array.from({ length: 5 }, () => make('many'));
  const firstFour: number[] = [];
  for (const answer of answers) answer.then(({ status }) => firstFour.push(status));
  while (firstFour.length < 4) await new Promise<void>((done) => setImmediate(done));
  assert.deepEqual(firstFour, [409, 409, 409, 409]);
  resolve();
  gate = undefined;
  const bodies = (await Promise.all(answers)).map(({ status, body }) => body.code ?? status);
  assert.deepEqual(bodies.toSorted(), [201, ...Array(4).fill('http.idempotency_in_flight')]);
  assert.equal(made, before + 1);
});

test('a request that failed gives its key back; one whose process died is taken over after two minutes', async () => {
  fails = true;
  assert.equal((await make('failing')).status, 409);
  fails = false;
  assert.equal((await make('failing')).status, 201);
  await place.admin.query(
    `update hub.idempotent_answers set status = null, body = null, claimed_at = now() - interval '3 minutes'`,
  );
  assert.equal((await make('failing')).headers.get('idempotency-replayed'), null);
});

test('a creation that ends too late for its caller is not made again: its answer is kept for the repetition', async () => {
  const before = made;
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  const late = await make('late', undefined, person, '/v1/hurried');
  assert.deepEqual([late.status, late.body.code], [503, 'http.took_too_long']);
  const meanwhile = await make('late', undefined, person, '/v1/hurried');
  assert.equal(meanwhile.body.code, 'http.idempotency_in_flight');
  resolve();
  gate = undefined;
  for (;;) {
    const again = await make('late', undefined, person, '/v1/hurried');
    if (again.status === 409) continue;
    assert.deepEqual([again.status, again.headers.get('idempotency-replayed')], [201, 'true']);
    break;
  }
  assert.equal(made, before + 1);
});

test('an answer that shows a secret is not kept, and its repetition says so', async () => {
  assert.equal((await make('secret', undefined, person, '/v1/secrets')).body.secret, 'shown-once');
  const again = await make('secret', undefined, person, '/v1/secrets');
  assert.deepEqual([again.status, again.body.code], [409, 'http.idempotency_secret_gone']);
  const { rows } = await place.admin.query(
    `select body from hub.idempotent_answers where route like '%secrets'`,
  );
  assert.deepEqual(rows, [{ body: null }]);
});

test('after a day a key is free and its row is swept, by the service whose it is only', async () => {
  const { rows: all } = await place.admin.query('select count(*)::int as count from hub.idempotent_answers');
  assert.ok(all[0].count > 0);
  await place.admin.query(
    `update hub.idempotent_answers set expires_at = now() - interval '1 s' where route = 'POST /v1/things'`,
  );
  assert.equal((await make('one', { name: 'another' })).status, 201);
  await place.admin.query(`delete from hub.idempotent_answers where route = 'POST /v1/hurried'`);
  await deleteExpiredAnswers('execution');
  const { rows } = await place.admin.query(
    `select route, expires_at > now() as kept from hub.idempotent_answers order by route`,
  );
  assert.deepEqual(rows, [
    { route: 'POST /v1/secrets', kept: true },
    { route: 'POST /v1/things', kept: true },
  ]);
});
