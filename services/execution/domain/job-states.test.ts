/** Guarantee: the states are closed, every walk along the arrows ends, and nothing leads out of an end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canBecome, isFinal, type JobStatus, jobStates, jobStatuses, nextStatuses } from './job-states.ts';

test('every arrow leads to a state, and somebody named may go along it', () => {
  for (const status of jobStatuses) {
    for (const [to, { by, when }] of Object.entries<{ by: readonly string[]; when: string }>(
      jobStates[status].arrows,
    )) {
      assert.ok(jobStatuses.includes(to as JobStatus), `${status} > ${to}`);
      assert.ok(by.length > 0 && when.length > 0, `${status} > ${to}`);
    }
  }
});

test('three states are final, and nothing leads out of them', () => {
  assert.deepEqual(jobStatuses.filter(isFinal), ['completed', 'failed', 'cancelled']);
  for (const from of jobStatuses.filter(isFinal)) {
    for (const to of jobStatuses) assert.equal(canBecome(from, to), false);
  }
});

test('from every state an end can be reached, and no random walk leaves the arrows', () => {
  const canEnd = (status: JobStatus, seen: readonly JobStatus[] = []): boolean =>
    isFinal(status) ||
    nextStatuses(status).some((next) => !seen.includes(next) && canEnd(next, [...seen, status]));
  for (const status of jobStatuses) assert.ok(canEnd(status), status);
  fc.assert(
    fc.property(fc.constantFrom(...jobStatuses), fc.array(fc.nat(), { maxLength: 50 }), (start, choices) => {
      let status = start;
      let wasFinal = isFinal(start);
      for (const choice of choices) {
        const ways = nextStatuses(status);
        if (ways.length === 0) break;
        assert.equal(wasFinal, false);
        status = ways[choice % ways.length] as JobStatus;
        wasFinal = isFinal(status);
      }
    }),
  );
});
