/** A worker under fire: its devices take some milliseconds, and now and then they fail. */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { constraintCodes, openDatabase } from '@quantum-hub/database';
import { countsOf, fakeDevice, type Run, testKit } from '../test-devices.ts';
import { Worker } from '../worker/worker.ts';
import { readOrders } from './test-messages.ts';

const { connection, devices } = readOrders();

const run: Run = async (request, { signal, onProgress }) => {
  if (randomInt(100) < 3) throw new Error('the device had a bad moment');
  onProgress?.(0.5);
  await wait(randomInt(10, 300), undefined, signal ? { signal } : {});
  return { ok: true, result: countsOf(request) };
};

const log = (level: string, message: string, facts: object) => {
  if (process.env.QHUB_DEBUG) console.error(level, message, facts);
};

// While the database is down, a worker can't start: it tries again, as an operator's supervisor would.
for (;;) {
  try {
    const pool = { max: 6, connectTimeoutMs: 2000 };
    const database = await openDatabase({
      connection,
      service: 'worker',
      roles: ['worker'],
      constraintCodes,
      pool,
    });
    try {
      await Worker.start({
        connection,
        devices: devices.map(({ address }) => fakeDevice(address, run)),
        kit: testKit,
        log,
      });
      break;
    } catch {
      await database.close({ deadlineMs: 0 });
    }
  } catch {
    await wait(100);
  }
}
