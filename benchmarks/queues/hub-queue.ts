import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { openBlobStore, readBlobPlace, runKit, Worker, type WorkerLog } from '@quantum-hub/execution';
import { countsOf, fakeDevice } from '../../services/execution/test-devices.ts';
import type { TestExecution } from '../../services/execution/test-execution.ts';
import { type Queue, Tally } from './queue.ts';

const users = 10;
/** As `qhub serve` has them without settings (docs/settings.md). */
const [unfinishedPerUser, runningPerUser] = [10_000, 16];

/**
 * The hub's own queue: `insertJob` in the submitting transaction of one of ten users, and the worker that `qhub serve` runs (or several), with
 * its messages, leases, heartbeats and reaper. Its device gives a fixed answer, which is checked and kept as every result is.
 */
export async function hubQueue(execution: TestExecution, atOnce: number, workers = 1): Promise<Queue> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'qhub-bench-'));
  opening.defer(() => rm(folder, { recursive: true }));
  const blobs = opening.use(await openBlobStore(readBlobPlace({ place: folder })));
  const device = await execution.makeDevice({ slots: atOnce });
  const people: string[] = [];
  while (people.length < users) people.push(await execution.makeUser());
  const [begun, answered] = [new Tally(), new Tally()];
  const answerAtOnce = fakeDevice(device.address, async (request) => {
    begun.add();
    answered.add();
    return { ok: true, result: { ...countsOf(request), device: { name: device.address, version: '1' } } };
  });
  const kit = runKit({ blobs, inlineBytes: 1_000_000 });
  const { connection } = execution;
  const troubles: unknown[] = [];
  const log: WorkerLog = (_, message, facts) => troubles.push(message, facts);
  let started: readonly Worker[] = [];
  let n = 0;
  const open = opening.move();
  return {
    name: 'Quantum Hub',
    start: async () => {
      const options = { connection, devices: [answerAtOnce], kit, concurrency: atOnce, runningPerUser, log };
      started = await Promise.all(Array.from({ length: workers }, () => Worker.start(options)));
      return {
        [Symbol.asyncDispose]: async () => {
          await Promise.all(started.map((worker) => worker.stop()));
        },
      };
    },
    submit: () => execution.submit(device, people[n++ % users] as string, {}, { unfinishedPerUser }),
    begun: (more) => begun.next(more),
    completed: async (more) => {
      await answered.next(more);
      // What the last ones gave is being written.
      while (started.some(({ running }) => running > 0)) await wait(1);
      // A job that failed is tried again: it would be counted as two.
      if (troubles.length > 0) throw new Error(`the worker had troubles: ${inspect(troubles.slice(0, 2))}`);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
