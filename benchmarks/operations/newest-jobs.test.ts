import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidv7Floor } from '@quantum-hub/kernel';
import type { Statement } from '../hub/doors.ts';
import { firstStep, monthsBefore, newestJobs } from './newest-jobs.ts';

const before = uuidv7Floor(new Date('2028-03-15T12:00:00Z'));
const floor = uuidv7Floor(new Date('2028-01-01T00:00:00Z'));
const user = '01a20469-3ffd-7019-97f1-744250c6d18f';

function answering(...counts: number[]) {
  const sent: Statement[] = [];
  const send = async (statement: Statement) => {
    const count = counts[sent.length] as number;
    sent.push(statement);
    return { rows: Array.from({ length: count }, (_, index) => ({ step: sent.length, index })) };
  };
  return { sent, send };
}

test('a full page of recent jobs takes one statement, bounded to three months', async () => {
  const { sent, send } = answering(50);
  assert.equal((await newestJobs(send, { user, before })).length, 50);
  assert.equal(sent.length, 1);
  assert.deepEqual(sent[0]?.values, [user, before, floor, 50]);
});

test('what is missing comes from before, without a gap and without a row twice', async () => {
  const { sent, send } = answering(20, 30);
  const page = (await newestJobs(send, { user, before })) as { step: number }[];
  assert.equal(page.length, 50);
  assert.deepEqual([page[19]?.step, page[20]?.step], [1, 2]);
  assert.deepEqual(sent[1]?.values, [user, floor, 30]);
});

test('no step has a name: a plan kept for all users would sort all jobs of the busiest', async () => {
  const { sent, send } = answering(0, 0);
  await newestJobs(send, { user, before });
  assert.deepEqual(
    sent.map(({ name }) => name),
    [undefined, undefined],
  );
});

test('months are counted over the turn of the year', () => {
  assert.equal(
    monthsBefore(new Date('2028-01-31T23:59:59Z'), 2),
    uuidv7Floor(new Date('2027-11-01T00:00:00Z')),
  );
  assert.deepEqual(firstStep({ user, before }).values, [user, before, floor, 50]);
});
