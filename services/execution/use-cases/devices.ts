import { getDb } from '@quantum-hub/database';
import { type Actor, etagOf, requireMatch } from '@quantum-hub/http';
import { hubError, type Page, pageOf, readPageRequest } from '@quantum-hub/kernel';
import { type DeviceEventRow, insertDeviceEvent, listDeviceEvents } from '../queries/device-events.ts';
import {
  type DeviceStatus,
  findDeviceByAddress,
  type KnownDevice,
  listDevices,
  lockDevice,
  type QueueFigures,
  setDeviceStatus,
} from '../queries/devices.ts';
import type { QueueWatch } from './queue-watch.ts';

export type ShownDevice = {
  readonly device: KnownDevice;
  readonly queue: QueueFigures;
};

export async function showDevices(watch: QueueWatch, actor: Actor): Promise<ShownDevice[]> {
  const devices = await getDb((db) => listDevices(db), {
    as: 'execution',
    actor: actor.userId,
    readOnly: true,
  });
  const figures = await watch.figures();
  return devices.map((device) => withQueue(device, figures));
}

/** Throws `execution.device_not_found`. */
export async function showDevice(watch: QueueWatch, actor: Actor, address: string): Promise<ShownDevice> {
  const device = await getDb((db) => findDeviceByAddress(db, address), {
    as: 'execution',
    actor: actor.userId,
    readOnly: true,
  });
  if (!device) throw hubError('execution.device_not_found', { device: address });
  return withQueue(device, await watch.figures());
}

function withQueue(device: KnownDevice, figures: ReadonlyMap<string, QueueFigures>): ShownDevice {
  const none = {
    deviceId: device.id,
    depth: 0,
    scheduled: 0,
    running: 0,
    oldestSeconds: 0,
    averageWaitSeconds: null,
  };
  return { device, queue: figures.get(device.id) ?? none };
}

export function deviceTag({ id, revision }: KnownDevice): string {
  return etagOf({ id, updatedAt: revision });
}

export type DeviceSwitch = {
  readonly address: string;
  readonly status: DeviceStatus;
  /** The request's header fields: `if-match` is held against the device as it is. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/**
 * Switches a device: online takes jobs; offline and maintenance let running ones finish and the others wait; retired takes no new ones.
 * Workers see it at their next claim. Who did it is kept with it. Throws `execution.device_not_found`, `http.precondition_failed`.
 */
export async function switchDevice(
  watch: QueueWatch,
  actor: Actor,
  { address, status, headers }: DeviceSwitch,
): Promise<ShownDevice> {
  const device = await getDb(
    async (db) => {
      const before = await lockDevice(db, address);
      if (!before) throw hubError('execution.device_not_found', { device: address });
      requireMatch(headers, deviceTag(before));
      if (before.status !== status) {
        const { userId: actorId, credentialId } = actor;
        await setDeviceStatus(db, before.id, status);
        await insertDeviceEvent(db, {
          ...{ deviceId: before.id, actorId, credentialId },
          ...{ from: before.status, to: status },
        });
      }
      return (await findDeviceByAddress(db, address)) as KnownDevice;
    },
    { as: 'execution', actor: actor.userId },
  );
  return withQueue(device, await watch.figures());
}

export type { DeviceEventRow };

/** Who switched a device, newest first. Throws `execution.device_not_found`. */
export async function showDeviceEvents(
  actor: Actor,
  address: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<DeviceEventRow>> {
  const { limit, cursor } = page;
  const request = readPageRequest({ limit, ...(cursor !== undefined && { cursor }) });
  return await getDb(
    async (db) => {
      const device = await findDeviceByAddress(db, address);
      if (!device) throw hubError('execution.device_not_found', { device: address });
      return pageOf(await listDeviceEvents(db, device.id, request), request.limit);
    },
    { as: 'execution', actor: actor.userId, readOnly: true },
  );
}
