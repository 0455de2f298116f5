/** Guarantee: slots are never exceeded, users take turns however many jobs one of them has, and a place in the queue is one that comes true. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getDb } from '@quantum-hub/database';
import { openTestExecution, type TestDevice, type TestExecution } from '../test-execution.ts';
import { endAttempt } from '../use-cases/end-attempt.ts';
import type { ClaimedJob } from './claim-job.ts';
import { queuePosition } from './queue-position.ts';

let hub: TestExecution;
before(async () => {
  hub = await openTestExecution();
});
after(async () => await hub[Symbol.asyncDispose]());

const result = { counts: { '00': 100 }, data: {}, formatVersion: 1, shots: 100, durationMs: 1 };

/** Claims and completes until the queue of a device is empty; gives the jobs in the order of their starts. */
async function drain(device: TestDevice, most = Number.POSITIVE_INFINITY): Promise<ClaimedJob[]> {
  const started: ClaimedJob[] = [];
  while (started.length < most) {
    const job = await hub.claim(device);
    if (!job) return started;
    started.push(job);
    await endAttempt(job, { kind: 'completed', result });
  }
  return started;
}

async function makeUsers(count: number): Promise<string[]> {
  const users: string[] = [];
  while (users.length < count) users.push(await hub.makeUser());
  return users;
}

/** Many jobs of a user at once, by SQL. */
async function backlog(device: TestDevice, userId: string, count: number): Promise<void> {
  await hub.test.admin.query(
    `with ids as (
       select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || substr(md5(n::text || $2::text), 2, 15))::uuid as id
         from generate_series(1, $4) n),
     job as (
       insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language, status, events)
       select id, $2::uuid, $3::uuid, $1::uuid, 'many', 'x', 'openqasm3', 'queued', 2 from ids)
     insert into execution.job_queue (id, user_id, device_id) select id, $2::uuid, $1::uuid from ids`,
    [device.id, userId, device.platformId, count],
  );
}

describe('fair share', () => {
  it('lets one job of another user pass 10,000 of one: it is started next', async () => {
    const device = await hub.makeDevice();
    const [greedy, modest] = [await hub.makeUser(), await hub.makeUser()];
    await backlog(device, greedy, 10_000);
    await drain(device, 3);
    const id = await hub.submit(device, modest);
    const position = await getDb((db) => queuePosition(db, id), { as: 'worker' });
    assert.deepEqual(position, { position: 1, ahead: 0, depth: 9998, exact: true });
    const [next] = await drain(device, 1);
    assert.equal(next?.id, id);
  });

  it('gives all who wait the same number of starts, whoever has the most jobs', async () => {
    const device = await hub.makeDevice();
    const users = await makeUsers(10);
    await backlog(device, users[0] as string, 300);
    for (const user of users.slice(1)) await backlog(device, user, 12);
    const started = await drain(device, 100);
    const share = users.map((user) => started.filter(({ userId }) => userId === user).length);
    assert.deepEqual(share, Array(10).fill(10));
  });

  it("starts a user's own jobs by priority and then by age", async () => {
    const device = await hub.makeDevice();
    const user = await hub.makeUser();
    const low = await hub.submit(device, user, { priority: 0 });
    const first = await hub.submit(device, user);
    const urgent = await hub.submit(device, user, { priority: 3 });
    const started = await drain(device);
    assert.deepEqual(
      started.map(({ id }) => id),
      [urgent, first, low],
    );
  });
});

describe('a place in the queue', () => {
  it('is the one that comes true when nothing is added, for every job of a mixed queue', async () => {
    const device = await hub.makeDevice();
    const users = await makeUsers(4);
    const ids: string[] = [];
    for (const [index, count] of [5, 1, 3, 2].entries())
      for (let n = 0; n < count; n += 1)
        ids.push(await hub.submit(device, users[index] as string, { priority: n % 3 }));
    await drain(device, 2);
    const waiting = new Map<string, number>();
    for (const id of ids) {
      const place = await getDb((db) => queuePosition(db, id), { as: 'worker' });
      if (!place) continue;
      assert.equal(place.exact, true);
      const counted = await getDb((db) => queuePosition(db, id, 4), { as: 'worker' });
      const { position, ahead } = place;
      assert.deepEqual(
        counted,
        { position: Math.min(position, 4), ahead: Math.min(ahead, 3), depth: 4, exact: false },
        'where counting stops, the numbers are the lowest that can be',
      );
      waiting.set(id, place.position);
      assert.ok(place.position <= place.depth && place.ahead === place.position - 1 && place.depth === 9);
    }
    const started = await drain(device);
    assert.deepEqual(
      started.map(({ id }) => waiting.get(id)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });
});
