/** Submits jobs under fire, numbered, and cancels some: an answer that was lost is asked for again under the same key. */
import { createHash, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { constraintCodes, getDb, openDatabase } from '@quantum-hub/database';
import { cancelJob } from '../queries/cancel-job.ts';
import { insertJob } from '../queries/insert-job.ts';
import { newJob, type TestDevice } from '../test-execution.ts';
import { readOrders, type Submitted } from './test-messages.ts';

const { connection, devices, users, from } = readOrders();

async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (process.env.QHUB_DEBUG) console.error('submitter', String(error));
      await wait(50);
    }
  }
}

async function submit(number: number): Promise<void> {
  const device = devices[number % devices.length] as TestDevice;
  const user = users[number % users.length] as string;
  const idempotency = {
    key: `job ${number}`,
    requestHash: createHash('sha256').update(String(number)).digest(),
  };
  const scheduled = number % 17 === 0 ? { scheduledFor: new Date(Date.now() + 500) } : {};
  const own = { as: 'execution', actor: user } as const;
  const { id } = await untilDone(() =>
    getDb(
      (db) => insertJob(db, newJob(device, user, { idempotency, ...scheduled }), { unfinishedPerUser: 500 }),
      own,
    ),
  );
  process.send?.({ number, id } satisfies Submitted);
  if (randomInt(100) < 5) {
    await wait(randomInt(40));
    await untilDone(() => getDb((db) => cancelJob(db, { id, origin: 'user', actorId: user }), own));
  }
}

let stopping = false;
process.on('message', () => {
  stopping = true;
});

const database = await untilDone(() =>
  openDatabase({
    connection,
    service: 'submitter',
    roles: ['execution'],
    constraintCodes,
    pool: { max: 2, connectTimeoutMs: 2000 },
  }),
);
for (let number = from; !stopping; number += 1) {
  await submit(number);
  await wait(randomInt(20));
}
await database.close();
process.disconnect?.();
