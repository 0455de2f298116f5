/** Guarantee: whether a hub is ready is said in time, whatever hangs, with what did not answer; probes don't pile up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Health } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { readinessOf } from './readiness.ts';

const well: Health = { ok: true, latencyMs: 1.2, serverVersion: 150018, writable: true };
const never = () => new Promise<never>(() => {});
const database = { name: 'database', ok: true, text: 'answers in 1 ms' };
const worker = { name: 'worker', ok: true, text: 'takes jobs' };
const more = [async () => [worker]];
const limitMs = 20;

test('each check is told, and what keeps it from being well', async () => {
  const ask = readinessOf({ health: async () => well, pending: async () => ['one'], more });
  assert.deepEqual(await ask(), [database, { name: 'migrations', ok: false, text: '1 pending' }, worker]);
});

test('a database that hangs is told as late, and is not asked anything else', async () => {
  let asked = 0;
  const pending = async () => {
    asked += 1;
    return [];
  };
  const ask = readinessOf({ health: never, pending, more, limitMs });
  assert.deepEqual(await ask(), [
    { name: 'database', ok: false, text: 'did not answer within 0.02 s' },
    worker,
  ]);
  assert.equal(asked, 0);
});

test('a database that hangs after its first answer: the second check is told as late', async () => {
  const ask = readinessOf({ health: async () => well, pending: never, more: [], limitMs });
  assert.deepEqual(await ask(), [
    database,
    { name: 'migrations', ok: false, text: 'did not answer within 0.02 s' },
  ]);
});

test('probes of a database that hangs share one question, and the next one after it is a new one', async () => {
  const questions: ((health: Health) => void)[] = [];
  const health = () => new Promise<Health>((resolve) => questions.push(resolve));
  const ask = readinessOf({ health, pending: async () => [], more: [], limitMs });
  await Promise.all([ask(), ask()]);
  await ask();
  assert.equal(questions.length, 1);
  questions[0]?.(well);
  await new Promise(setImmediate);
  const next = ask();
  assert.equal(questions.length, 2);
  questions[1]?.(well);
  assert.equal((await next)[0]?.ok, true);
});

test('migrations that cannot be read are told in the public words', async () => {
  const pending = async () => {
    throw hubError('database.unreachable', { address: 'db.internal:5432' });
  };
  const [, migrations] = await readinessOf({ health: async () => well, pending, more: [] })();
  assert.equal(migrations?.ok, false);
  assert.equal(migrations?.text.includes('db.internal'), false);
});
