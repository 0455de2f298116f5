import { createHash } from 'node:crypto';
import { type ConnectionSettings, type Database, getDb, openDatabase } from '@quantum-hub/database';
import {
  createTestDatabase,
  makeDevice,
  makePlatform,
  makeUser,
  type TestDatabase,
} from '@quantum-hub/database/testing';
import { newId } from '@quantum-hub/kernel';
import { type Claim, type ClaimedJob, claimJob } from './queries/claim-job.ts';
import { setDeviceSlots } from './queries/device-slots.ts';
import { insertJob, type NewJob, type SubmissionLimits } from './queries/insert-job.ts';

export interface TestDevice {
  readonly id: string;
  readonly platformId: string;
  /** `platform/name` */
  readonly address: string;
}

const bell =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';

/** A database of its own, opened as the hub does, with devices, users and jobs at hand. */
export class TestExecution implements AsyncDisposable {
  readonly test: TestDatabase;
  readonly hub: Database;

  constructor(test: TestDatabase, hub: Database) {
    this.test = test;
    this.hub = hub;
  }

  get connection(): ConnectionSettings {
    return this.test.application;
  }

  async makeDevice({ slots = 1, status = 'online' } = {}): Promise<TestDevice> {
    const platform = await makePlatform(this.test.admin);
    const device = await makeDevice(this.test.admin, { platform_id: platform.id, status });
    await getDb((db) => setDeviceSlots(db, device.id, slots), { as: 'execution' });
    return { id: device.id, platformId: platform.id, address: `${platform.name}/${device.name}` };
  }

  async makeUser(): Promise<string> {
    return (await makeUser(this.test.admin)).id;
  }

  /** Submits a job of a user for a device, as the service does; gives its id. */
  async submit(
    device: TestDevice,
    userId: string,
    changes: Partial<NewJob> = {},
    limits: SubmissionLimits = {},
  ): Promise<string> {
    const job = newJob(device, userId, changes);
    const scope = { as: 'execution', actor: userId, keepPlans: true } as const;
    const { id } = await getDb((db) => insertJob(db, job, limits), scope);
    return id;
  }

  async claim(device: TestDevice, changes: Partial<Claim> = {}): Promise<ClaimedJob | undefined> {
    return await getDb((db) => claimJob(db, claimOf(device, changes)), { as: 'worker', keepPlans: true });
  }

  /** One row, asked by the administrator. */
  async row<Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row> {
    return (await this.test.admin.query(sql, values)).rows[0] as Row;
  }

  /** What is stored of a job: its row, the entry of the queue, slots, events as `number status origin`, attempts. */
  async stored(id: string): Promise<StoredJob> {
    return await this.row<StoredJob>(
      `select j.status, j.error_code as "errorCode", j.attempts, j.events,
              (select q.status from execution.job_queue q where q.id = j.id) as entry,
              (select count(*)::int from execution.device_slots s where s.job_id = j.id) as slots,
              (select count(*)::int from execution.job_results r where r.id = j.id) as results,
              array(select number || ' ' || status || ' ' || origin from execution.job_events e where e.id = j.id order by number) as history,
              array(select number || ' ' || coalesce(outcome, 'runs') from execution.job_attempts a where a.id = j.id order by number) as tries
         from execution.jobs j where j.id = $1`,
      [id],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub.close({ deadlineMs: 0 });
    await this.test[Symbol.asyncDispose]();
  }
}

export interface StoredJob {
  readonly status: string;
  readonly errorCode: string | null;
  readonly attempts: number;
  readonly events: number;
  readonly entry: string | null;
  readonly slots: number;
  readonly results: number;
  readonly history: string[];
  readonly tries: string[];
}

export function newJob(device: TestDevice, userId: string, changes: Partial<NewJob> = {}): NewJob {
  return {
    id: newId(),
    userId,
    platformId: device.platformId,
    deviceId: device.id,
    name: 'Bell pair',
    type: 'simulation',
    program: { source: bell, language: 'openqasm3' },
    programHash: createHash('sha256').update(bell).digest(),
    requestKind: 'counts',
    shots: 100,
    seed: 7,
    ...changes,
  };
}

function claimOf(device: TestDevice, changes: Partial<Claim> = {}): Claim {
  return {
    deviceId: device.id,
    workerNumber: 1,
    workerName: 'test:1',
    leaseSeconds: 30,
    deviceSnapshot: { name: device.address, status: 'online' },
    ...changes,
  };
}

export async function openTestExecution(pool: { max: number } = { max: 10 }): Promise<TestExecution> {
  const test = await createTestDatabase();
  const hub = await openDatabase({
    connection: test.application,
    service: 'test',
    roles: ['execution', 'worker'],
    pool,
  });
  return new TestExecution(test, hub);
}
