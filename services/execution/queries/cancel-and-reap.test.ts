/** Guarantee: a job is cancelled wherever it stands, and one whose worker is lost runs again or ends, with every arrow in its history. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { openTestExecution, type TestDevice, type TestExecution } from '../test-execution.ts';
import { cancelJob, cancelJobAsOperator } from '../use-cases/cancel-job.ts';
import { endAttempt } from '../use-cases/end-attempt.ts';
import { reapJobs } from '../use-cases/reap-jobs.ts';
import type { ClaimedJob } from './claim-job.ts';

let hub: TestExecution;
let user: string;
before(async () => {
  hub = await openTestExecution();
  user = await hub.makeUser();
});
after(async () => await hub[Symbol.asyncDispose]());

async function claimed(device: TestDevice, workerNumber = 1): Promise<ClaimedJob> {
  const job = await hub.claim(device, { workerNumber });
  assert.ok(job);
  return job;
}

const result = { counts: { '00': 100 }, data: {}, formatVersion: 1, shots: 100, durationMs: 1 };

describe('cancelling', () => {
  it('a job that waits ends it, and nobody starts it any more', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    assert.equal(await cancelJob(user, id), 'cancelled');
    const { status, entry, history } = await hub.stored(id);
    assert.deepEqual([status, entry, history.at(-1)], ['cancelled', null, '3 cancelled user']);
    assert.equal(await hub.claim(device), undefined);
    assert.equal(await cancelJob(user, id), 'cancelled', 'asking again is asking once');
    assert.equal((await hub.stored(id)).events, 3);
  });

  it('a job that waits for its time ends it as well', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user, { scheduledFor: new Date(Date.now() + 3_600_000) });
    assert.deepEqual([(await hub.stored(id)).status, (await hub.stored(id)).entry], ['created', 'waiting']);
    assert.equal(await cancelJob(user, id), 'cancelled');
    assert.deepEqual((await hub.stored(id)).history, ['1 created user', '2 cancelled user']);
  });

  it('twice is cancelling once, and a result that was there first counts', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    const job = await claimed(device);
    assert.deepEqual([await cancelJob(user, id), await cancelJob(user, id)], ['cancelling', 'cancelling']);
    assert.equal(await endAttempt(job, { kind: 'completed', result }), 'completed');
    const { status, results, slots, history } = await hub.stored(id);
    assert.deepEqual(
      [status, results, slots, history.slice(3)],
      ['completed', 1, 0, ['4 cancelling user', '5 completed worker']],
    );
  });

  it('keeps a job that fails from being tried again', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    const job = await claimed(device);
    await cancelJob(user, id);
    const failure = { kind: 'device', code: 'execution.device_failed', message: 'x' } as const;
    assert.equal(await endAttempt(job, { kind: 'failed', failure }), 'cancelled');
    assert.deepEqual([(await hub.stored(id)).status, (await hub.stored(id)).entry], ['cancelled', null]);
  });

  it('while it ends gives one of the two, never both: fifty at once', async () => {
    const device = await hub.makeDevice({ slots: 50 });
    const ids = await Promise.all(Array.from({ length: 50 }, () => hub.submit(device, user)));
    const jobs: ClaimedJob[] = [];
    for (const _ of ids) jobs.push(await claimed(device));
    const cancels = ids.map((id) =>
      cancelJob(user, id).catch((error) => assert.ok(isHubError(error, 'execution.job_finished'))),
    );
    const ends = jobs.map((job) => endAttempt(job, { kind: 'completed', result }));
    await Promise.all([...cancels, ...ends]);
    for (const id of ids) {
      const { status, results, slots, entry } = await hub.stored(id);
      assert.deepEqual([status, results, slots, entry], ['completed', 1, 0, null]);
    }
  });

  it("is refused to strangers, who don't learn that the job exists, and allowed to operators", async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    const [stranger, operator] = [await hub.makeUser(), await hub.makeUser()];
    await assert.rejects(cancelJob(stranger, id), (error) => isHubError(error, 'execution.job_not_found'));
    assert.equal((await hub.stored(id)).status, 'queued');
    assert.equal(await cancelJobAsOperator(operator, id), 'cancelled');
    const { by, history } = await hub.row<{ by: string; history: string }>(
      `select cancel_requested_by as by, (select origin || ' ' || actor_id from execution.job_events e where e.id = j.id and number = 3) as history
         from execution.jobs j where id = $1`,
      [id],
    );
    assert.deepEqual([by, history], [operator, `operator ${operator}`]);
  });
});

describe('the reaper', () => {
  const expire = (id: string) =>
    hub.row(`update execution.job_queue set lease_until = now() - interval '1 s' where id = $1`, [id]);

  it('takes a job back whose lease is over: it runs again, and its first worker writes nothing any more', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user);
    const first = await claimed(device);
    await expire(id);
    const reaped = await reapJobs([]);
    assert.ok(reaped?.lost.includes(id));
    assert.equal(await endAttempt(first, { kind: 'completed', result }), 'lost');
    const second = await claimed(device);
    assert.equal(await endAttempt(second, { kind: 'completed', result }), 'completed');
    const { history, tries, slots } = await hub.stored(id);
    assert.deepEqual([tries, slots], [['1 lost', '2 completed'], 0]);
    assert.deepEqual(history.slice(2), [
      '3 running worker',
      '4 queued reaper',
      '5 running worker',
      '6 completed worker',
    ]);
  });

  it('takes the jobs of a worker without its lock only when it has been silent and still is', async () => {
    const device = await hub.makeDevice({ slots: 2 });
    await hub.submit(device, user);
    await hub.submit(device, user);
    const [alive, gone] = [await claimed(device, 11), await claimed(device, 12)];
    await hub.test.admin.query('select pg_advisory_lock(7001, 11)');
    const first = await reapJobs([]);
    assert.deepEqual(
      [first?.silent.includes(12), first?.silent.includes(11), first?.lost],
      [true, false, []],
    );
    const second = await reapJobs([11, 12]);
    assert.deepEqual(second?.lost, [gone.id]);
    assert.equal((await hub.stored(alive.id)).status, 'running');
    await hub.test.admin.query('select pg_advisory_unlock(7001, 11)');
  });

  it('ends a job that loses its worker again and again, and one that was to be cancelled', async () => {
    const device = await hub.makeDevice();
    const poison = await hub.submit(device, user, { maxAttempts: 2 });
    await claimed(device);
    await expire(poison);
    await reapJobs([]);
    await claimed(device);
    await expire(poison);
    await reapJobs([]);
    const { status, errorCode, tries, slots, entry } = await hub.stored(poison);
    assert.deepEqual(
      [status, errorCode, tries, slots, entry],
      ['failed', 'execution.worker_lost', ['1 lost', '2 lost'], 0, null],
    );
    const cancelled = await hub.submit(device, user);
    await claimed(device);
    await cancelJob(user, cancelled);
    await expire(cancelled);
    await reapJobs([]);
    assert.deepEqual((await hub.stored(cancelled)).history.slice(2), [
      '3 running worker',
      '4 cancelling user',
      '5 cancelled reaper',
    ]);
  });

  it('queues a scheduled job when its time has come by the database, told as the scheduler', async () => {
    const device = await hub.makeDevice();
    const id = await hub.submit(device, user, { scheduledFor: new Date(Date.now() + 3_600_000) });
    await reapJobs([]);
    assert.equal(await hub.claim(device), undefined);
    await hub.row('update execution.job_queue set run_at = now() where id = $1', [id]);
    assert.equal((await reapJobs([]))?.due, 1);
    assert.equal((await claimed(device)).id, id);
    assert.deepEqual((await hub.stored(id)).history, [
      '1 created user',
      '2 queued scheduler',
      '3 running worker',
    ]);
  });
});
