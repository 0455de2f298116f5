import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { base } from '../declaration/base.ts';
import { instant } from '../declaration/fields.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from '../identity/user.ts';
import { Device } from './device.ts';

/** When a user's job was last started on a device: who waits longest since then is next (ADR 0001). */
export const DeviceTurn = defineEntity({
  name: 'DeviceTurn',
  schema: 'execution',
  tableName: 'device_turns',
  comment: 'When each user last had a turn on each device; the fair share between users is decided by it.',
  properties: {
    ...base(),
    device: () => immutable(p.manyToOne(Device).ref().deleteRule('restrict').comment('The device.')),
    user: () =>
      immutable(p.manyToOne(User).ref().index().deleteRule('restrict').comment('Whose turn it was.')),
    lastStartedAt: instant().comment('When a job of theirs was last started there.'),
  },
  uniques: [{ properties: ['device', 'user'] }],
  triggers: [setsTimes('execution.device_turns')],
});
export type DeviceTurn = InferEntity<typeof DeviceTurn>;
