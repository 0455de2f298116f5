/** Guarantee: a database that is away fills no log; every other fault is told each time, with its stack. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubError } from '@quantum-hub/kernel';
import { createLog } from './log.ts';
import { workerLog } from './worker-log.ts';

function logged() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'info',
    terminal: false,
    write: (line) => lines.push(JSON.parse(line)),
  });
  return { lines, log };
}
const away = () => hubError('database.unreachable', { address: 'db:5432' });

test('an outage is told once, and each half minute with what was left out', () => {
  const { lines, log } = logged();
  let now = 0;
  const write = workerLog(log, () => now);
  for (; now < 30_000; now += 500) write('error', 'taking jobs failed', { worker: 'w', error: away() });
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.code, 'database.unreachable');
  assert.match(String(lines[0]?.detail), /no PostgreSQL answers at db:5432/);
  assert.equal('err' in (lines[0] ?? {}), false, 'no stack');
  write('error', 'taking jobs failed', { worker: 'w', error: away() });
  assert.deepEqual([lines.length, lines[1]?.leftOut, lines[1]?.worker], [2, 59, 'w']);
});

test('other faults, other messages and other jobs are each told', () => {
  const { lines, log } = logged();
  const write = workerLog(log, () => 0);
  for (const job of ['a', 'b', 'a']) write('error', 'writing failed', { job, error: away() });
  write('error', 'renewing failed', { error: away() });
  for (let turn = 0; turn < 2; turn += 1) write('error', 'renewing failed', { error: new Error('a fault') });
  write('warn', 'jobs were taken back', { jobs: ['a'] });
  const told = lines.map(({ msg, job, err }) => [msg, job ?? (err as { message: string })?.message]);
  assert.deepEqual(told, [
    ['writing failed', 'a'],
    ['writing failed', 'b'],
    ['renewing failed', undefined],
    ['renewing failed', 'a fault'],
    ['renewing failed', 'a fault'],
    ['jobs were taken back', undefined],
  ]);
});
