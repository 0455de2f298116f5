import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createTestDatabase,
  makeDevice,
  makePlatform,
  makeUser,
  startSharedServer,
} from '@quantum-hub/database/testing';
import { isHubError } from '@quantum-hub/kernel';
import type { Orders, Submitted } from './test-messages.ts';
import { findFaults, type Tally, tallyOf, unfinished } from './test-verdict.ts';

const program = (name: string) => fileURLToPath(import.meta.resolve(name));

export interface Killing {
  readonly kills: number;
  readonly workers: number;
  readonly onKill?: (line: string) => void;
}

export interface Outcome extends Tally {
  readonly killed: { workers: number; servers: number; databases: number };
  readonly acknowledged: number;
  /** Sentences; none: every job ended exactly once, none was lost, no slot is taken. */
  readonly faults: readonly string[];
}

/** How long all jobs may take to end when nothing is killed any more. */
const calmMs = 120_000;

/**
 * Kills workers, the process that submits and the database (each with SIGKILL, at random) while jobs are submitted, run, fail, are cancelled
 * and scheduled; then lets everything end and looks for what is wrong.
 */
export async function killAtRandom({ kills, workers, onKill = () => {} }: Killing): Promise<Outcome> {
  await using server = await startSharedServer();
  const database = await createTestDatabase();
  // The server of tests does not wait for its log: then a killed one would lose what it had acknowledged, and rightly.
  await database.admin.query(`alter database ${database.name} set synchronous_commit = on`);
  const orders = await prepare(database.admin, database.application);
  await database.admin.end();

  const submitted = new Map<number, string>();
  const killed = { workers: 0, servers: 0, databases: 0 };
  const startWorker = () => start('./test-worker-process.ts', orders);
  const startSubmitter = () => {
    const child = start('./test-submitter-process.ts', { ...orders, from: submitted.size });
    child.on('message', ({ number, id }: Submitted) => {
      submitted.set(number, id);
    });
    return child;
  };
  const crew = Array.from({ length: workers }, startWorker);
  let submitter = startSubmitter();
  for (let count = 1; count <= kills; count += 1) {
    // The more so because processes need a moment to start: what never worked can't be killed at work.
    const goal = submitted.size + randomInt(3, 25);
    while (submitted.size < goal) await once(submitter, 'message');
    const dice = randomInt(10);
    if (dice < 6) {
      const place = randomInt(workers);
      await kill(crew[place] as ChildProcess);
      crew[place] = startWorker();
      killed.workers += 1;
    } else if (dice < 8) {
      await kill(submitter);
      submitter = startSubmitter();
      killed.servers += 1;
    } else {
      await server.halt('kill');
      await resume(server);
      killed.databases += 1;
    }
    onKill(
      `${count} of ${kills}: ${dice < 6 ? 'a worker' : dice < 8 ? 'the submitting server' : 'the database'}; ${submitted.size} jobs acknowledged`,
    );
  }
  const gone = once(submitter, 'exit');
  submitter.send('stop');
  await gone;
  const admin = { ...database.administrator };
  const deadline = Date.now() + calmMs;
  while ((await unfinished(admin)) > 0 && Date.now() < deadline) await wait(100);
  for (const worker of crew) await kill(worker);
  const faults = await findFaults(admin, submitted);
  return { ...(await tallyOf(admin)), killed, acknowledged: submitted.size, faults };
}

type Server = Awaited<ReturnType<typeof startSharedServer>>;
type Admin = Parameters<typeof makeUser>[0];

async function prepare(admin: Admin, connection: Orders['connection']): Promise<Orders> {
  const platform = await makePlatform(admin);
  const devices: Orders['devices'][number][] = [];
  // A QPU's one slot, and a simulator's four.
  for (const slots of [1, 4]) {
    const device = await makeDevice(admin, { platform_id: platform.id });
    for (let slot = 0; slot < slots; slot += 1)
      await admin.query(
        `insert into execution.device_slots (id, device_id, slot_number) values ($1, $2, $3)`,
        [crypto.randomUUID().replace(/^(.{14})./, '$17'), device.id, slot],
      );
    devices.push({ id: device.id, platformId: platform.id, address: `${platform.name}/${device.name}` });
  }
  const users: string[] = [];
  for (let count = 0; count < 5; count += 1) users.push((await makeUser(admin)).id);
  return { connection, devices, users, from: 0 };
}

/** The processes of a killed postmaster need a moment to notice; until then the next one is refused. */
async function resume(server: Server): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await server.resume();
    } catch (error) {
      if (!isHubError(error, 'database.server_data_busy') || attempt === 100) throw error;
      await wait(100);
    }
  }
}

function start(name: string, orders: Orders): ChildProcess {
  return fork(program(name), [JSON.stringify(orders)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
