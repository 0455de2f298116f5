/** Guarantee: what holds in one process holds over several, through a pooler, without messages, and when a process is killed. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { getDb, openDatabase } from '@quantum-hub/database';
import { startPgBouncer, without } from '@quantum-hub/database/testing';
import { isHubError } from '@quantum-hub/kernel';
import { answerAtOnce, fakeDevice, runUntilStopped, testKit } from '../test-devices.ts';
import { openTestExecution, type TestDevice, TestExecution } from '../test-execution.ts';
import { cancelJob } from '../use-cases/cancel-job.ts';
import { JobSignals } from './job-signals.ts';
import type { LimitOrders } from './test-limit-process.ts';
import { Worker } from './worker.ts';

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

const program = fileURLToPath(import.meta.resolve('./test-limit-process.ts'));

function startProcess(orders: LimitOrders): ChildProcess {
  return fork(program, [JSON.stringify(orders)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function until(id: string, ...statuses: string[]): Promise<void> {
  for await (const _ of signals.changes(id, AbortSignal.timeout(120_000))) {
    if (statuses.includes((await hub.stored(id)).status)) return;
  }
  assert.fail(`job ${id} is ${(await hub.stored(id)).status}; expected ${statuses.join(' or ')}`);
}

async function submitMany(device: TestDevice, count: number): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, () => hub.submit(device, user)));
}

describe('the slots of a device', () => {
  for (const slots of [1, 3]) {
    it(`let exactly ${slots} of 30 jobs run at once, with two processes that would each run eight`, async () => {
      const device = await hub.makeDevice({ slots });
      const folder = mkdtempSync(join(tmpdir(), 'qhub-limit-'));
      const ids = await submitMany(device, 30);
      let most = 0;
      const orders = { connection: hub.connection, address: device.address, folder, together: slots };
      const processes = [startProcess(orders), startProcess(orders)];
      for (const child of processes)
        child.on('message', (inside: number) => {
          most = Math.max(most, inside);
        });
      for (const id of ids) await until(id, 'completed');
      for (const child of processes) {
        const gone = once(child, 'exit');
        child.send('stop');
        await gone;
      }
      rmSync(folder, { recursive: true });
      assert.equal(most, slots);
    });
  }
});

describe('a worker that is killed', () => {
  it('loses its jobs to others within five seconds, without waiting for its lease', async (t) => {
    const device = await hub.makeDevice({ slots: 2 });
    const ids = await submitMany(device, 2);
    const victim = startProcess({ connection: hub.connection, address: device.address });
    for (const id of ids) await until(id, 'running');
    await using _heir = await Worker.start({
      connection: hub.connection,
      devices: [fakeDevice(device.address)],
      kit: testKit,
    });
    const gone = once(victim, 'exit');
    victim.kill('SIGKILL');
    await gone;
    const killed = performance.now();
    for (const id of ids) await until(id, 'completed');
    const seconds = (performance.now() - killed) / 1000;
    t.diagnostic(`${seconds.toFixed(1)} s from kill -9 to the results`);
    assert.ok(seconds < 5, `${seconds} s`);
    for (const id of ids) {
      const { tries, results, slots } = await hub.stored(id);
      assert.deepEqual([tries, results, slots], [['1 lost', '2 completed'], 1, 0]);
    }
  });
});

describe('without messages', () => {
  it('jobs are found and cancellations seen all the same', async () => {
    const device = await hub.makeDevice({ slots: 2 });
    // Messages of another database reach nobody here: as if every one were lost.
    const elsewhere = { ...hub.connection, database: 'postgres' };
    const { rows } = await hub.test.admin.query(
      "select has_database_privilege($1, 'postgres', 'connect') as may",
      [hub.connection.user],
    );
    assert.equal(rows[0].may, true);
    await using _worker = await Worker.start({
      connection: elsewhere,
      devices: [fakeDevice(device.address, runUntilStopped)],
      kit: testKit,
      reaps: false,
      pollMs: 100,
    });
    const id = await hub.submit(device, user);
    await until(id, 'running');
    await cancelJob(user, id);
    await until(id, 'cancelled');
  });
});

describe('behind PgBouncer in transaction mode', () => {
  const skip = without('pgbouncer', 'pgbouncer');

  it('jobs run, with messages and the liveness lock on a connection of their own; a pooled one is refused with advice', {
    skip,
  }, async () => {
    await using bouncer = await startPgBouncer(hub.connection);
    const pooled = { ...hub.connection, host: bouncer.host, port: bouncer.port };
    const device = await hub.makeDevice({ slots: 4 });
    // One database is open in a process: this one goes through the pooler for a while.
    await hub.hub.close();
    hub = new TestExecution(
      hub.test,
      await openDatabase({ connection: pooled, service: 'test', roles: ['execution', 'worker'] }),
    );
    const devices = [fakeDevice(device.address, answerAtOnce)];
    await assert.rejects(Worker.start({ connection: pooled, devices, kit: testKit }), (error) =>
      isHubError(error, 'database.direct_connection_needed'),
    );
    {
      await using _worker = await Worker.start({ connection: hub.connection, devices, kit: testKit });
      const ids = await submitMany(device, 40);
      for (const id of ids) await until(id, 'completed');
      const { rows } = await getDb(
        (db) => db.query('select from execution.job_queue where device_id = $1', [device.id]),
        { as: 'worker' },
      );
      assert.equal(rows.length, 0);
    }
    await hub.hub.close();
    hub = new TestExecution(
      hub.test,
      await openDatabase({ connection: hub.connection, service: 'test', roles: ['execution', 'worker'] }),
    );
  });
});
