import type { Db } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';
import type { DeviceStatus } from './devices.ts';

export type DeviceSwitched = {
  readonly deviceId: string;
  readonly actorId: string;
  readonly credentialId: string;
  readonly from: DeviceStatus;
  readonly to: DeviceStatus;
};

/** In the transaction that switches: one is never without the other. */
export async function insertDeviceEvent(db: Db, event: DeviceSwitched): Promise<void> {
  const { deviceId, actorId, credentialId, from, to } = event;
  await db.query(
    `insert into execution.device_events (id, device_id, actor_id, credential_id, status_before, status_after)
     values ($1, $2, $3, $4, $5, $6)`,
    [newId(), deviceId, actorId, credentialId, from, to],
  );
}

export type DeviceEventRow = {
  readonly id: string;
  readonly at: Date;
  readonly actorId: string;
  readonly credentialId: string;
  readonly from: DeviceStatus;
  readonly to: DeviceStatus;
};

/** Newest first, one more than the page holds (kernel `pageOf`). */
export async function listDeviceEvents(
  db: Db,
  deviceId: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<DeviceEventRow[]> {
  const { rows } = await db.query<DeviceEventRow>(
    `select id, created_at as at, actor_id as "actorId", credential_id as "credentialId", status_before as "from", status_after as "to"
       from execution.device_events where device_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [deviceId, after ?? null, limit + 1],
  );
  return rows;
}
