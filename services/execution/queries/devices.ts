import type { Db } from '@quantum-hub/database';
import type { deviceStatuses } from '@quantum-hub/database/models';
import { newId, uuidv7Floor } from '@quantum-hub/kernel';
import type { DeviceProfile } from '../ports/index.ts';

export type DeviceStatus = (typeof deviceStatuses)[number];

export type KnownDevice = {
  readonly id: string;
  readonly platformId: string;
  readonly platform: string;
  readonly name: string;
  readonly provider: string;
  readonly simulator: boolean;
  readonly status: DeviceStatus;
  readonly qubits: number;
  readonly maximumShots: number;
  /** What its adapter says of it; null: no adapter of this hub knows it. */
  readonly profile: DeviceProfile | null;
  /** How many jobs run on it at once. */
  readonly slots: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` as PostgreSQL has it: to the microsecond. */
  readonly revision: string;
};

const columns = `select d.id, d.platform_id as "platformId", p.name as platform, d.name, p.provider, p.simulator, d.status, d.qubits,
  d.max_shots as "maximumShots", d.properties->'profile' as profile, d.created_at as "createdAt", d.updated_at as "updatedAt",
  d.updated_at::text as revision,
  (select count(*)::int from execution.device_slots s where s.device_id = d.id) as slots
  from execution.devices d join execution.platforms p on p.id = d.platform_id`;

/** @param address `platform/name` */
export async function findDeviceByAddress(db: Db, address: string): Promise<KnownDevice | undefined> {
  const [platform, name] = address.split('/');
  const { rows } = await db.query<KnownDevice>(`${columns} where p.name = $1 and d.name = $2`, [
    platform,
    name,
  ]);
  return rows[0];
}

/** All devices, by platform and name: some tens, so there are no pages. */
export async function listDevices(db: Db): Promise<KnownDevice[]> {
  const { rows } = await db.query<KnownDevice>(`${columns} order by p.name, d.name limit 1000`);
  return rows;
}

/** The same, locked until the transaction ends: nobody changes it between the look and the change. */
export async function lockDevice(db: Db, address: string): Promise<KnownDevice | undefined> {
  const [platform, name] = address.split('/');
  const text = `${columns} where p.name = $1 and d.name = $2 for update of d`;
  const { rows } = await db.query<KnownDevice>(text, [platform, name]);
  return rows[0];
}

export async function setDeviceStatus(db: Db, id: string, status: DeviceStatus): Promise<void> {
  await db.query('update execution.devices set status = $2 where id = $1 and status <> $2', [id, status]);
}

export type DeviceRegistration = {
  readonly profile: DeviceProfile;
  /** A simulator of this hub or of a vendor; false: a real machine. */
  readonly simulator: boolean;
};

/**
 * Makes the database say what an adapter says of its device, and gives the device's id. A new one is online; of a known one the status
 * stays as the operator left it, and its revision too when there is nothing new.
 */
export async function upsertDevice(db: Db, { profile, simulator }: DeviceRegistration): Promise<string> {
  const [platform = '', name = ''] = profile.name.split('/');
  await db.query(
    `insert into execution.platforms (id, name, provider, simulator) values ($1, $2, $3, $4) on conflict (name) do nothing`,
    [newId(), platform, platform === 'local' ? 'This hub' : platform, simulator],
  );
  await db.query(
    `insert into execution.devices as d (id, platform_id, name, status, qubits, max_shots, basis_gates, properties)
     select $1::uuid, p.id, $3, 'online', $4::int, $5::int, $6::jsonb, $7::jsonb from execution.platforms p where p.name = $2
     on conflict (platform_id, name) do update
       set qubits = excluded.qubits, max_shots = excluded.max_shots, basis_gates = excluded.basis_gates,
           properties = d.properties || excluded.properties
     where (d.qubits, d.max_shots, d.basis_gates, d.properties) is distinct from
           (excluded.qubits, excluded.max_shots, excluded.basis_gates, d.properties || excluded.properties)`,
    [
      ...[newId(), platform, name, profile.qubits, profile.maximumShots],
      ...[JSON.stringify(profile.gates === 'any' ? [] : profile.gates), JSON.stringify({ profile })],
    ],
  );
  // A statement of its own: it sees what another process has written since the first one began.
  const device = await findDeviceByAddress(db, profile.name);
  return (device as KnownDevice).id;
}

export type QueueFigures = {
  readonly deviceId: string;
  /** Jobs that wait for a slot, and that wait for their time. */
  readonly depth: number;
  readonly scheduled: number;
  readonly running: number;
  /** How long the first of those that wait for a slot has; 0 without one. */
  readonly oldestSeconds: number;
  /** Of the jobs of the last hour that have started, the newest 2000 of all devices at most; null: there was none. */
  readonly averageWaitSeconds: number | null;
};

/**
 * The queues of all devices at one moment, in one statement (as `worker`, who sees everybody's). The wait is read from a bounded number of
 * the newest jobs, so that it costs the same however many there are; the counts walk the queue.
 */
export async function queueFigures(db: Db, now: Date): Promise<QueueFigures[]> {
  const { rows } = await db.query<QueueFigures>(
    `with waits as (
       select device_id, avg(extract(epoch from started_at - queued_at)) as seconds from (
         select device_id, started_at, queued_at from execution.jobs where id >= $1 order by id desc limit 2000) newest
        where started_at >= queued_at group by device_id),
     entries as (
       select device_id, count(*) filter (where status = 'queued') as depth,
              count(*) filter (where status = 'waiting') as scheduled,
              count(*) filter (where status in ('running', 'cancelling')) as running,
              extract(epoch from now() - min(run_at) filter (where status = 'queued')) as oldest
         from execution.job_queue group by device_id)
     select d.id as "deviceId", coalesce(e.depth, 0)::int as depth, coalesce(e.scheduled, 0)::int as scheduled,
            coalesce(e.running, 0)::int as running,
            greatest(0, coalesce(e.oldest, 0))::float8 as "oldestSeconds", w.seconds::float8 as "averageWaitSeconds"
       from execution.devices d left join entries e on e.device_id = d.id left join waits w on w.device_id = d.id`,
    [uuidv7Floor(new Date(now.getTime() - 3_600_000))],
  );
  return rows;
}
