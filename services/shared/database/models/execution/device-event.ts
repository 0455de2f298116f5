import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { base } from '../declaration/base.ts';
import { oneOf, uuid } from '../declaration/fields.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { Device, deviceStatuses } from './device.ts';

/** An operator's switch of a device, written in the transaction that switched it. Services add rows and change none: they lack the right to. */
export const DeviceEvent = defineEntity({
  name: 'DeviceEvent',
  schema: 'execution',
  tableName: 'device_events',
  comment: 'Who switched which device, from what to what; only ever added to.',
  properties: {
    ...base(),
    device: () => immutable(p.manyToOne(Device).ref().deleteRule('restrict').comment('The device.')),
    actorId: immutable(uuid().comment('The operator who switched it.')),
    credentialId: immutable(uuid().comment('The session or key that it was done with.')),
    statusBefore: immutable(oneOf(deviceStatuses).comment('What it was before.')),
    statusAfter: immutable(oneOf(deviceStatuses).comment('What it was switched to.')),
  },
  indexes: [{ properties: ['device', 'id'] }],
  triggers: [setsTimes('execution.device_events')],
});
export type DeviceEvent = InferEntity<typeof DeviceEvent>;
