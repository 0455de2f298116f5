import { getDb } from '@quantum-hub/database';
import { hasSlots, setDeviceSlots } from '../queries/device-slots.ts';
import { type DeviceRegistration, upsertDevice } from '../queries/devices.ts';

export type Registration = DeviceRegistration & {
  /** How many jobs a simulator runs at once, on all workers together; a real machine runs one. */
  readonly slots: number;
};

export type RegistrationOptions = {
  /** Whether a device that has slots already keeps as many. One kind of process decides, so that others don't undo it. */
  readonly keepsSlots?: boolean;
};

/**
 * Tells the database of the devices that this hub has adapters for. Every process does so when it starts; several at once write the same.
 * A device that is no longer told of stays: jobs point at it, and those that wait for it wait for a worker that serves it.
 */
export async function registerDevices(
  registrations: readonly Registration[],
  { keepsSlots = false }: RegistrationOptions = {},
): Promise<void> {
  // In one order everywhere, so that two processes that start together don't wait for each other in a circle.
  const ordered = [...registrations].sort((a, b) => (a.profile.name < b.profile.name ? -1 : 1));
  await getDb(
    async (db) => {
      for (const { slots, ...registration } of ordered) {
        const id = await upsertDevice(db, registration);
        if (keepsSlots && (await hasSlots(db, id))) continue;
        await setDeviceSlots(db, id, registration.simulator ? slots : 1);
      }
    },
    { as: 'execution' },
  );
}
