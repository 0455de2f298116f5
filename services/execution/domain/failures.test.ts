/** Guarantee: a wrong program is never tried again, tries are bounded, and pauses grow within their bounds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '@quantum-hub/kernel';
import fc from 'fast-check';
import { afterFailure, type FailureKind, failureClasses, failureKindOf } from './failures.ts';

const kinds = Object.keys(failureClasses) as FailureKind[];
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('what would be wrong again is not tried again, whatever the job allows', () => {
  for (const kind of ['program', 'limit'] as const) {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        random,
        (failures, maxAttempts, chance) => {
          assert.deepEqual(afterFailure(kind, { failures, maxAttempts }, chance), { retry: false });
        },
      ),
    );
  }
});

test('no job fails more often than it may, and pauses stay within their bounds and grow', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.integer({ min: 1, max: 20 }),
      random,
      (kind, maxAttempts, chance) => {
        const { retry } = failureClasses[kind];
        let last = 0;
        for (let failures = 1; failures <= maxAttempts; failures += 1) {
          const next = afterFailure(kind, { failures, maxAttempts }, chance);
          if (!retry) continue;
          assert.equal(next.retry, failures < maxAttempts);
          if (!next.retry) continue;
          assert.ok(next.delayMs >= last && next.delayMs <= retry.longestDelayMs, `${next.delayMs} ms`);
          last = next.delayMs;
        }
      },
    ),
  );
});

test('a lost worker costs the first retry no time, and two jobs that fail together come back apart', () => {
  assert.deepEqual(afterFailure('worker', { failures: 1, maxAttempts: 3 }, 0.9), { retry: true, delayMs: 0 });
  const pauses = [0, 0.5, 0.99].map((chance) =>
    afterFailure('device', { failures: 3, maxAttempts: 9 }, chance),
  );
  assert.deepEqual(
    pauses,
    [2000, 3000, 3980].map((delayMs) => ({ retry: true, delayMs })),
  );
});

test('every code of the catalogue is of a kind: callers are to blame for 4xx, the database for its own codes', () => {
  const kindOf = (code: keyof typeof catalogue) => failureKindOf({ code, status: catalogue[code].status });
  assert.deepEqual(
    [
      kindOf('execution.device_failed'),
      kindOf('execution.device_memory_exceeded'),
      kindOf('execution.run_time_exceeded'),
      kindOf('execution.worker_lost'),
      kindOf('execution.program_rejected'),
      kindOf('execution.observable_invalid'),
      kindOf('database.check_violated'),
      kindOf('database.connection_lost'),
    ],
    ['device', 'limit', 'limit', 'worker', 'program', 'program', 'hub', 'hub'],
  );
  for (const code of Object.keys(catalogue) as (keyof typeof catalogue)[])
    assert.ok(kinds.includes(kindOf(code)), code);
});
