/** Guarantee: a runner that is killed at any moment leaves nothing that the next run does not bring to a whole end, once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestDatabase } from '../testing/index.ts';
import { migrateDown, migrateUp } from './runner.ts';
import {
  appliedTraces,
  emptyDatabase,
  emptyTraces,
  MigrationFolder,
  samples,
  traces,
  wipe,
} from './test-migrations.ts';

/** Databases that are worked on at once. */
const lanes = 3;

let databases: TestDatabase[];
let folder: MigrationFolder;
before(async () => {
  folder = new MigrationFolder(samples);
  databases = await Promise.all(Array.from({ length: lanes }, emptyDatabase));
});
after(async () => {
  folder[Symbol.dispose]();
  await Promise.all(databases.map((database) => database[Symbol.asyncDispose]()));
});

/** True when the process was killed, false when it came to its end before the nth message. */
async function runAndKill({ administrator }: TestDatabase, direction: string, n: number): Promise<boolean> {
  const program = join(import.meta.dirname, 'test-runner-process.ts');
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      program,
      JSON.stringify(administrator),
      folder.path,
      direction,
      String(n),
    ],
    // The cache saves most of the start: compiling is three quarters of it.
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder.path, 'cache') },
    },
  );
  const [code, signal] = await once(child, 'exit');
  assert.ok(code === 0 || signal === 'SIGKILL', `exit code ${code}, signal ${signal}`);
  return signal === 'SIGKILL';
}

/** Kills at the first message, the second and so on, until a run is through; gives how often it was killed. */
async function killEverywhere(
  direction: string,
  attempt: (database: TestDatabase, n: number) => Promise<boolean>,
): Promise<number> {
  let next = 1;
  let kills = 0;
  let through = false;
  await Promise.all(
    databases.map(async (database) => {
      while (!through) {
        const n = next;
        next += 1;
        const killed = await attempt(database, n);
        if (killed) kills += 1;
        else through = true;
      }
    }),
  );
  assert.ok(kills > 25, `${direction}: ${kills} kills`);
  return kills;
}

describe('kill -9 of a runner at each message to the server', () => {
  it('up: the next run ends with every migration applied once', async () => {
    await killEverywhere('up', async (database, n) => {
      await wipe(database);
      const killed = await runAndKill(database, 'up', n);
      await migrateUp(database.admin, { migrations: folder.read() });
      assert.deepEqual(await traces(database), appliedTraces, `killed at message ${n}`);
      return killed;
    });
  });

  it('down: the next run ends with every migration taken back', async () => {
    await killEverywhere('down', async (database, n) => {
      await migrateUp(database.admin, { migrations: folder.read() });
      const killed = await runAndKill(database, 'down', n);
      await migrateDown(database.admin, { migrations: folder.read(), allowDataLoss: true });
      assert.deepEqual(await traces(database), emptyTraces, `killed at message ${n}`);
      return killed;
    });
  });
});
