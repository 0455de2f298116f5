import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { base } from '../declaration/base.ts';
import { smallint, uuid } from '../declaration/fields.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { Device } from './device.ts';

/** One concurrent run of a device: as many rows as jobs may run on it at once, each empty or holding one job. */
export const DeviceSlot = defineEntity({
  name: 'DeviceSlot',
  schema: 'execution',
  tableName: 'device_slots',
  comment: 'One row for each job that a device can run at once.',
  properties: {
    ...base(),
    device: () => immutable(p.manyToOne(Device).ref().deleteRule('restrict').comment('The device.')),
    slotNumber: immutable(smallint().comment('Counted from 0 on each device.')),
    jobId: uuid().nullable().unique().comment('The job that runs in it; null: free.'),
  },
  uniques: [{ properties: ['device', 'slotNumber'] }],
  triggers: [setsTimes('execution.device_slots')],
});
export type DeviceSlot = InferEntity<typeof DeviceSlot>;
