/** Guarantee: a job goes its way through the queue once, all that belongs to a step is written together or not at all. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getDb } from '@quantum-hub/database';
import { isHubError, newId } from '@quantum-hub/kernel';
import { newJob, openTestExecution, type TestDevice, type TestExecution } from '../test-execution.ts';
import type { ClaimedJob } from './claim-job.ts';
import { finishAttempt, type StoredResult } from './finish-attempt.ts';
import { heartbeat } from './heartbeat.ts';
import { insertJob } from './insert-job.ts';
import { findResult, listAttempts, listEvents } from './read-history.ts';
import { findJob, listJobs } from './read-jobs.ts';
import { returnJob } from './return-job.ts';

let hub: TestExecution;
let user: string;
before(async () => {
  hub = await openTestExecution();
  user = await hub.makeUser();
});
after(async () => await hub[Symbol.asyncDispose]());

const result: StoredResult = {
  counts: { '00': 52, 11: 48 },
  data: { seed: 7 },
  formatVersion: 1,
  shots: 100,
  durationMs: 1.5,
};
const worker = { as: 'worker' } as const;

async function claimed(device: TestDevice): Promise<ClaimedJob> {
  const job = await hub.claim(device);
  assert.ok(job);
  return job;
}

function complete(job: Pick<ClaimedJob, 'id' | 'leaseToken'>): Promise<boolean> {
  return getDb((db) => finishAttempt(db, job, { status: 'completed', result }), worker);
}

describe('a job', () => {
  it('is submitted, claimed and completed, and its history tells all of it', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user, { inputs: { theta: 0.5 }, seed: 2 ** 53 - 1 });
    const job = await claimed(device);
    assert.deepEqual(
      {
        id: job.id,
        attempt: job.attempt,
        seed: job.seed,
        inputs: job.inputs,
        shots: job.shots,
        language: job.programLanguage,
      },
      { id, attempt: 1, seed: 2 ** 53 - 1, inputs: { theta: 0.5 }, shots: 100, language: 'openqasm3' },
    );
    assert.equal(await complete(job), true);
    assert.deepEqual(await hub.stored(id), {
      status: 'completed',
      errorCode: null,
      attempts: 1,
      events: 4,
      entry: null,
      slots: 0,
      results: 1,
      history: ['1 created user', '2 queued user', '3 running worker', '4 completed worker'],
      tries: ['1 completed'],
    });
    const own = { as: 'execution', actor: user } as const;
    const stored = await getDb((db) => findResult(db, id), own);
    assert.deepEqual(stored?.counts, result.counts);
    const [attempt] = await getDb((db) => listAttempts(db, id), own);
    assert.deepEqual(attempt?.deviceSnapshot, { name: device.address, status: 'online' });
    const later = await getDb((db) => listEvents(db, id, 2), own);
    assert.deepEqual(
      later.map(({ number, status }) => [number, status]),
      [
        [3, 'running'],
        [4, 'completed'],
      ],
    );
    const seen = await getDb((db) => findJob(db, id), own);
    assert.deepEqual(
      [seen?.status, seen?.device, seen?.seed],
      ['completed', device.address.split('/')[1], 2 ** 53 - 1],
    );
  });

  it('of another user is neither found, nor are its history and its result', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    await complete(await claimed(device));
    const stranger = { as: 'execution', actor: await hub.makeUser() } as const;
    const seen = await getDb(
      async (db) => [
        await findJob(db, id),
        await listEvents(db, id),
        await listAttempts(db, id),
        await findResult(db, id),
        await listJobs(db, { userId: user }, { limit: 10 }),
      ],
      stranger,
    );
    assert.deepEqual(seen, [undefined, [], [], undefined, []]);
  });

  it('that is rolled back by its submitter never was', async () => {
    const device = await hub.makeDevice();
    const job = newJob(device, user, { idempotency: { key: newId(), requestHash: Buffer.alloc(32) } });
    const submitting = getDb(
      async (db) => {
        await insertJob(db, job);
        throw new Error('the submitter changes its mind');
      },
      { as: 'execution', actor: user },
    );
    await assert.rejects(submitting, /changes its mind/);
    assert.equal(await hub.stored(job.id), undefined);
    const { rows } = await hub.test.admin.query(
      'select from execution.job_idempotency_keys where job_id = $1',
      [job.id],
    );
    assert.equal(rows.length, 0);
    assert.equal(await hub.claim(device), undefined);
  });

  it('is pages of the newest first, stable while others are submitted', async () => {
    const device = await hub.makeDevice();
    const owner = await hub.makeUser();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await hub.submit(device, owner));
    const own = { as: 'execution', actor: owner } as const;
    const first = await getDb((db) => listJobs(db, { userId: owner }, { limit: 2 }), own);
    await hub.submit(device, owner);
    const next = await getDb(
      (db) => listJobs(db, { userId: owner }, { limit: 2, after: ids[1] as string }),
      own,
    );
    const isNewestFirst = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
    assert.deepEqual(isNewestFirst(first).slice(0, 2).toSorted(), ids.slice(0, 2).toSorted());
    assert.deepEqual(isNewestFirst(next).slice(0, 2).toSorted(), ids.slice(2, 4).toSorted());
    const none = await getDb((db) => listJobs(db, { userId: owner, status: 'running' }, { limit: 2 }), own);
    assert.deepEqual(none, []);
  });
});

describe('a lease token', () => {
  it('that is stale writes nothing: neither result, failure, return nor heartbeat', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    const first = await claimed(device);
    const reason = { code: 'execution.worker_lost', message: 'lost' };
    const back = {
      id,
      leaseToken: first.leaseToken,
      outcome: 'lost',
      reason,
      delayMs: 0,
      origin: 'reaper',
    } as const;
    assert.equal(await getDb((db) => returnJob(db, back), worker), true);
    const second = await claimed(device);
    assert.equal(second.attempt, 2);
    const before = await hub.stored(id);
    assert.equal(await complete(first), false);
    assert.equal(await getDb((db) => finishAttempt(db, first, { status: 'failed', reason }), worker), false);
    assert.equal(await getDb((db) => returnJob(db, back), worker), false);
    assert.equal((await getDb((db) => heartbeat(db, [first], 30), worker)).size, 0);
    assert.deepEqual(await hub.stored(id), before);
    assert.equal(await complete(second), true);
    assert.equal(await complete(second), false, 'and a result is written once');
    const { results, history } = await hub.stored(id);
    assert.deepEqual([results, history.length], [1, 6]);
  });
});

describe('an idempotency key', () => {
  it('gives the same job again, and refuses another request', async () => {
    const device = await hub.makeDevice();
    const own = { as: 'execution', actor: user } as const;
    const key = newId();
    const submit = (hash: number) =>
      getDb(
        (db) =>
          insertJob(db, newJob(device, user, { idempotency: { key, requestHash: Buffer.alloc(32, hash) } })),
        own,
      );
    const first = await submit(1);
    assert.deepEqual([first.repeated, await submit(1)], [false, { id: first.id, repeated: true }]);
    await assert.rejects(submit(2), (error) => isHubError(error, 'execution.idempotency_key_reused'));
    const other = await hub.makeUser();
    const theirs = newJob(device, other, { idempotency: { key, requestHash: Buffer.alloc(32, 2) } });
    const made = await getDb((db) => insertJob(db, theirs), { as: 'execution', actor: other });
    assert.equal(made.repeated, false, 'the key of one user is none of another');
  });

  it('makes one job of twenty submissions at once', async () => {
    const device = await hub.makeDevice();
    const idempotency = { key: newId(), requestHash: Buffer.alloc(32) };
    const all = await Promise.all(
      Array.from({ length: 20 }, () => hub.submit(device, user, { idempotency })),
    );
    assert.equal(new Set(all).size, 1);
    const { jobs } = await hub.row<{ jobs: number }>(
      'select count(*)::int as jobs from execution.jobs where device_id = $1',
      [device.id],
    );
    assert.equal(jobs, 1);
  });
});

describe('limits of a user', () => {
  it('hold for unfinished jobs, also when twenty are submitted at once', async () => {
    const device = await hub.makeDevice();
    const owner = await hub.makeUser();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => hub.submit(device, owner, {}, { unfinishedPerUser: 7 })),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 13);
    assert.ok(refused.every(({ reason }) => isHubError(reason, 'execution.too_many_jobs')));
    await complete(await claimed(device));
    await hub.submit(device, owner, {}, { unfinishedPerUser: 7 });
  });

  it('of unfinished jobs does not make one submission wait for another as long as it is far', async () => {
    const device = await hub.makeDevice();
    const user = await hub.makeUser();
    const lock = 'select pg_advisory_lock(7003, hashtext($1))';
    await hub.test.admin.query(lock, [user]);
    // The lock of counting is held elsewhere all the time: whoever asked for it would wait until the test's end.
    await hub.submit(device, user, {}, { unfinishedPerUser: 200 });
    await hub.test.admin.query(lock.replace('lock(', 'unlock('), [user]);
  });

  it('hold for running jobs over all devices; the jobs of others go on', async () => {
    const [one, two] = [await hub.makeDevice({ slots: 4 }), await hub.makeDevice({ slots: 4 })];
    const [greedy, other] = [await hub.makeUser(), await hub.makeUser()];
    for (const device of [one, two]) for (let n = 0; n < 4; n += 1) await hub.submit(device, greedy);
    await hub.submit(one, other);
    const { ClaimTakenBack } = await import('./claim-job.ts');
    const claims = await Promise.all(
      Array.from({ length: 16 }, async (_, n) => {
        try {
          return await hub.claim(n % 2 ? one : two, { runningPerUser: 3, workerNumber: n + 1 });
        } catch (error) {
          assert.ok(error instanceof ClaimTakenBack, String(error));
          return undefined;
        }
      }),
    );
    for (const device of [one, two, one, two, one, two])
      claims.push(await hub.claim(device, { runningPerUser: 3 }));
    const started = claims.filter((job) => job !== undefined);
    assert.equal(started.filter(({ userId }) => userId === greedy).length, 3);
    assert.equal(started.filter(({ userId }) => userId === other).length, 1);
  });
});
