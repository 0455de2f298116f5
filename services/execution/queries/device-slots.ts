import type { Db } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';

/**
 * Makes a device run `slots` jobs at once (as `execution`). Slots beyond that are taken away as far as they are free; those that are
 * taken go at the next call.
 */
export async function setDeviceSlots(db: Db, deviceId: string, slots: number): Promise<void> {
  await db.query(
    `insert into execution.device_slots (id, device_id, slot_number)
     select id, $1, number - 1 from unnest($2::uuid[]) with ordinality slot (id, number)
     on conflict (device_id, slot_number) do nothing`,
    [deviceId, Array.from({ length: slots }, newId)],
  );
  await db.query(
    'delete from execution.device_slots where device_id = $1 and slot_number >= $2 and job_id is null',
    [deviceId, slots],
  );
}

export async function hasSlots(db: Db, deviceId: string): Promise<boolean> {
  const { rowCount } = await db.query('select from execution.device_slots where device_id = $1 limit 1', [
    deviceId,
  ]);
  return rowCount > 0;
}

export interface ServedDevice {
  readonly id: string;
  /** `platform/name`. */
  readonly address: string;
  readonly status: string;
}

/** The devices with these addresses that the database knows (as `worker`). */
export async function servedDevices(db: Db, addresses: readonly string[]): Promise<ServedDevice[]> {
  const { rows } = await db.query<ServedDevice>(
    `select d.id, p.name || '/' || d.name as address, d.status
       from execution.devices d join execution.platforms p on p.id = d.platform_id
      where p.name || '/' || d.name = any($1::text[])`,
    [addresses],
  );
  return rows;
}

/** Those of the devices that are online and have both a free slot and a job that waits for it: where a claim is worth its transaction. */
export async function devicesWithWork(db: Db, deviceIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'devices_with_work',
    text: `select d.id from execution.devices d
      where d.id = any($1::uuid[]) and d.status = 'online'
        and exists (select from execution.device_slots s where s.device_id = d.id and s.job_id is null)
        and exists (select from execution.job_queue q where q.device_id = d.id and q.status = 'queued')`,
    values: [deviceIds],
  });
  return rows.map(({ id }) => id);
}
