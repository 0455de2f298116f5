/** Guarantee: whatever a device does ends an attempt with a clear reason, and the worker lives on; stopping loses nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Db, getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { cancelJob } from '../queries/cancel-job.ts';
import { answerAtOnce, countsOf, fakeDevice, type Run, runUntilStopped, testKit } from '../test-devices.ts';
import { openTestExecution, type TestDevice, type TestExecution } from '../test-execution.ts';
import { JobSignals } from './job-signals.ts';
import { Worker, type WorkerOptions } from './worker.ts';

let hub: TestExecution;
let signals: JobSignals;
let user: string;
before(async () => {
  hub = await openTestExecution();
  signals = await JobSignals.start({ connection: hub.connection });
  user = await hub.makeUser();
});
after(async () => {
  await signals[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

function startWorker(device: TestDevice, run: Run, options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const devices = [fakeDevice(device.address, run)];
  return Worker.start({ connection: hub.connection, devices, kit: testKit, reaps: false, ...options });
}

/** Waits by signals until a job's status is one of those named. */
async function until(id: string, ...statuses: string[]): Promise<void> {
  for await (const _ of signals.changes(id, AbortSignal.timeout(60_000))) {
    if (statuses.includes((await hub.stored(id)).status)) return;
  }
  assert.fail(`job ${id} is ${(await hub.stored(id)).status}; expected ${statuses.join(' or ')}`);
}

/** Waits until another session waits for what this unit of work has locked. */
async function untilOneWaits(db: Db): Promise<void> {
  const waits = 'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))';
  while ((await db.query(waits)).rowCount === 0) await setImmediate();
}

const final = ['completed', 'failed', 'cancelled'];

describe('a worker', { concurrency: 6 }, () => {
  it('runs what is queued before and after its start, and keeps result, attempt and snapshot', async () => {
    const device = await hub.makeDevice({ slots: 2 });
    const early = await hub.submit(device, user);
    await using _worker = await startWorker(device, answerAtOnce);
    const late = await hub.submit(device, user);
    for (const id of [early, late]) {
      await until(id, ...final);
      const { status, results, tries, slots } = await hub.stored(id);
      assert.deepEqual([status, results, tries, slots], ['completed', 1, ['1 completed'], 0]);
    }
    const { snapshot } = await hub.row<{
      snapshot: { name: string; status: string; profile: { qubits: number } };
    }>('select device_snapshot as snapshot from execution.job_attempts where id = $1', [early]);
    assert.deepEqual(
      [snapshot.name, snapshot.status, snapshot.profile.qubits],
      [device.address, 'online', 20],
    );
  });

  const faults: readonly [string, Run, { code: string; tries: number }][] = [
    [
      'throws an error of its own',
      () => Promise.reject(new Error('ECC fault in bank 7')),
      { code: 'execution.device_failed', tries: 2 },
    ],
    [
      'throws at once',
      () => {
        throw new TypeError('x is not a function');
      },
      { code: 'execution.device_failed', tries: 2 },
    ],
    ['answers nothing', async () => undefined as never, { code: 'execution.device_failed', tries: 2 }],
    [
      'answers what is no result',
      async () => ({ ok: true, result: { kind: 'counts', counts: 'many' } }) as never,
      { code: 'execution.device_failed', tries: 2 },
    ],
    [
      'refuses the program',
      async () =>
        ({
          ok: false,
          errors: [
            { line: 3, column: 5, length: 1, code: 'qasm.x', message: 'no gate "y"', expected: 'a gate' },
          ],
        }) as never,
      { code: 'execution.program_rejected', tries: 1 },
    ],
    [
      'takes too much memory',
      () => Promise.reject(hubError('execution.device_memory_exceeded', { device: 'd', mebibytes: 64 })),
      { code: 'execution.device_memory_exceeded', tries: 1 },
    ],
    [
      'gives a result that the database refuses',
      async (request) => ({ ok: true, result: { ...countsOf(request), counts: { '00': -1 } } }) as never,
      { code: 'database.check_violated', tries: 2 },
    ],
  ];
  for (const [what, run, { code, tries }] of faults) {
    it(`whose device ${what} fails the attempt with a reason, and goes on with the next job`, async () => {
      const device = await hub.makeDevice();
      const bad = await hub.submit(device, user, { maxAttempts: 2 });
      const good = await hub.submit(device, user, { name: 'good' });
      const wanted: Run = (request, options) =>
        (request.program.source === 'good' ? answerAtOnce : run)(request, options);
      const kit = {
        ...testKit,
        request: (job: Parameters<typeof testKit.request>[0]) =>
          testKit.request(job.name === 'good' ? { ...job, program: 'good' } : job),
      };
      await using _worker = await startWorker(device, wanted, { kit, reaps: true });
      await until(good, ...final);
      assert.equal((await hub.stored(good)).status, 'completed');
      await until(bad, ...final);
      const stored = await hub.stored(bad);
      assert.deepEqual(
        [stored.status, stored.errorCode, stored.tries.length, stored.slots, stored.results],
        ['failed', code, tries, 0, 0],
      );
      assert.ok(stored.tries.every((attempt) => attempt.endsWith('failed')));
    });
  }

  it('whose device hangs gives the run up at the maximum run time, and serves the slot again', async () => {
    const device = await hub.makeDevice();
    const hanging = await hub.submit(device, user, { maxRunSeconds: 1 });
    const next = await hub.submit(device, user);
    let runs = 0;
    const run: Run = (request, options) => {
      runs += 1;
      return runs === 1 ? new Promise(() => {}) : answerAtOnce(request, options);
    };
    await using _worker = await startWorker(device, run, { hangMs: 10 });
    await until(hanging, ...final);
    const { status, errorCode } = await hub.stored(hanging);
    assert.deepEqual([status, errorCode], ['failed', 'execution.run_time_exceeded']);
    await until(next, 'completed');
  });

  it('stops a running job that is cancelled, and frees its slot', async () => {
    const device = await hub.makeDevice();
    await using _worker = await startWorker(device, runUntilStopped);
    const id = await hub.submit(device, user);
    await until(id, 'running');
    const request = { id, origin: 'user', actorId: user } as const;
    assert.equal(await getDb((db) => cancelJob(db, request), { as: 'execution', actor: user }), 'cancelling');
    await until(id, ...final);
    const stored = await hub.stored(id);
    assert.deepEqual(
      [stored.status, stored.errorCode, stored.slots, stored.entry, stored.history.slice(2)],
      [
        'cancelled',
        'execution.job_cancelled',
        0,
        null,
        ['3 running worker', '4 cancelling user', '5 cancelled worker'],
      ],
    );
  });

  it('that is stopped hands back what does not end in time, as no failure of the job', async () => {
    const device = await hub.makeDevice();
    const worker = await startWorker(device, runUntilStopped, { stopMs: 0 });
    const id = await hub.submit(device, user, { maxAttempts: 1 });
    await until(id, 'running');
    await worker.stop();
    const { status, entry, tries, slots } = await hub.stored(id);
    assert.deepEqual([status, entry, tries, slots], ['queued', 'queued', ['1 handed_back'], 0]);
    await using _next = await startWorker(device, answerAtOnce);
    await until(id, 'completed');
  });

  it('that is stopped lets a run end that has the time', async () => {
    const device = await hub.makeDevice();
    const { promise: mayEnd, resolve } = Promise.withResolvers<void>();
    const worker = await startWorker(device, async (request, options) => {
      await mayEnd;
      return await answerAtOnce(request, options);
    });
    const id = await hub.submit(device, user);
    const later = await hub.submit(device, user);
    await until(id, 'running');
    const stopped = worker.stop();
    resolve();
    await stopped;
    assert.deepEqual(
      [(await hub.stored(id)).status, (await hub.stored(later)).status],
      ['completed', 'queued'],
    );
  });

  it('goes from job to job of one device without a pause, and gives each other device its turn', async () => {
    const [long, short] = [await hub.makeDevice(), await hub.makeDevice()];
    for (let n = 0; n < 10; n += 1) await hub.submit(long, user, { name: 'long' });
    const single = await hub.submit(short, user, { name: 'short' });
    const runs: string[] = [];
    const ended = Promise.withResolvers<void>();
    const noting: Run = (request, options) => {
      runs.push(String(request.program.source));
      if (runs.length === 11) ended.resolve();
      return answerAtOnce(request, options);
    };
    const kit = {
      ...testKit,
      request: (job: Parameters<typeof testKit.request>[0]) => testKit.request({ ...job, program: job.name }),
    };
    await using _worker = await startWorker(long, noting, {
      devices: [fakeDevice(long.address, noting), fakeDevice(short.address, noting)],
      kit,
      concurrency: 1,
      // Longer than the test may take: what is not taken at once is not taken at all.
      pollMs: 600_000,
    });
    await ended.promise;
    await until(single, 'completed');
    assert.ok(runs.indexOf('short') <= 1, runs.join());
  });

  it('that is stopped while it takes the next job hands that one back', async () => {
    const device = await hub.makeDevice();
    const first = await hub.submit(device, user);
    const second = await hub.submit(device, user);
    const { promise: mayEnd, resolve } = Promise.withResolvers<void>();
    const told: boolean[] = [];
    const worker = await startWorker(device, async (request, options) => {
      told.push(options.signal?.aborted === true);
      if (told.length > 1) return await runUntilStopped(request, options);
      await mayEnd;
      return await answerAtOnce(request, options);
    });
    await until(first, 'running');
    let stopped: Promise<void> | undefined;
    await getDb(
      async (db) => {
        await db.query('select from execution.job_queue where id = $1 for update', [first]);
        resolve();
        // The end of the first run, and with it the claim of the next, waits for that row.
        await untilOneWaits(db);
        stopped = worker.stop();
      },
      { as: 'worker' },
    );
    await stopped;
    const { status, tries } = await hub.stored(second);
    assert.deepEqual(
      [(await hub.stored(first)).status, status, tries],
      ['completed', 'queued', ['1 handed_back']],
    );
    assert.deepEqual(told, [false, true]);
  });

  it('tells how far a run is', async () => {
    const device = await hub.makeDevice();
    const { promise: mayEnd, resolve } = Promise.withResolvers<void>();
    await using _worker = await startWorker(
      device,
      async (request, options) => {
        for (const share of [0.25, Number.NaN, 0.1]) options.onProgress?.(share);
        await mayEnd;
        return await answerAtOnce(request, options);
      },
      { pollMs: 20 },
    );
    const id = await hub.submit(device, user);
    for await (const _ of signals.changes(id, AbortSignal.timeout(60_000))) {
      const { progress } =
        (await hub.row('select progress from execution.job_queue where id = $1', [id])) ?? {};
      if (progress === 0.25) break;
    }
    resolve();
    await until(id, 'completed');
  });

  it('leaves the jobs of a device that is not online, and takes them when it is', async () => {
    const device = await hub.makeDevice({ status: 'maintenance' });
    const other = await hub.makeDevice();
    await using _worker = await startWorker(device, answerAtOnce, {
      devices: [fakeDevice(device.address), fakeDevice(other.address)],
      pollMs: 20,
    });
    const id = await hub.submit(device, user);
    await until(await hub.submit(other, user), 'completed');
    assert.equal((await hub.stored(id)).status, 'queued');
    await hub.row(`update execution.devices set status = 'online' where id = $1`, [device.id]);
    await until(id, 'completed');
  });
});
