/** A worker whose device counts, by files in a folder, how many runs are inside it at once: over all processes. */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectionSettings, openDatabase } from '@quantum-hub/database';
import { answerAtOnce, fakeDevice, type Run, runUntilStopped, testKit } from '../test-devices.ts';
import { Worker } from './worker.ts';

export interface LimitOrders {
  readonly connection: ConnectionSettings;
  readonly address: string;
  /** Where the files are; absent: the runs never end. */
  readonly folder?: string;
  /** The number that must be inside at once before any run may end. */
  readonly together?: number;
}

const { connection, address, folder, together = 1 } = JSON.parse(process.argv[2] ?? '{}') as LimitOrders;

/** Tells how many are inside, and resolves when so many are or once were. */
function reached(inside: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const names = readdirSync(inside);
      const were = names.includes('reached');
      const now = names.length - (were ? 1 : 0);
      process.send?.(now);
      if (!were && now < together) return;
      writeFileSync(join(inside, 'reached'), '');
      watcher.close();
      resolve();
    };
    const watcher = watch(inside, look);
    look();
  });
}

const counting =
  (inside: string): Run =>
  async (request, options) => {
    const file = join(inside, randomUUID());
    writeFileSync(file, '');
    await reached(inside);
    rmSync(file);
    return await answerAtOnce(request, options);
  };

await openDatabase({ connection, service: 'worker', roles: ['worker'], pool: { max: 4 } });
const device = fakeDevice(address, folder ? counting(folder) : runUntilStopped);
const worker = await Worker.start({ connection, devices: [device], kit: testKit });
process.on('message', async () => {
  await worker.stop();
  process.exit(0);
});
