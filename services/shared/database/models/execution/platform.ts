import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { base } from '../declaration/base.ts';
import { flag, oneOf, text } from '../declaration/fields.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { Device } from './device.ts';
import { Job } from './job.ts';

export const availabilities = ['available', 'degraded', 'unavailable'] as const;

/** Where devices come from: a vendor's cloud, or the simulators of this hub. Reference data, without an owner. */
export const Platform = defineEntity({
  name: 'Platform',
  schema: 'execution',
  tableName: 'platforms',
  comment: "Where devices come from: vendors' clouds, and this hub's own simulators.",
  properties: {
    ...base(),
    name: text({ min: 1, max: 100, pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/ })
      .unique()
      .comment('Its name in device addresses, as in local/statevector.'),
    provider: text({ min: 1, max: 100 }).comment('The company or institution that runs it.'),
    simulator: flag().default(true).comment('Whether all of its devices are simulators.'),
    availability: oneOf(availabilities).default('available').comment('Whether it can be reached.'),
    endpoint: text({ max: 2000 }).nullable().comment('Address of its API; null: inside this hub.'),
    sdk: text({ max: 100 }).nullable().comment('The SDK or protocol it is spoken to with.'),
    devices: () => p.oneToMany(Device).mappedBy('platform'),
    jobs: () => p.oneToMany(Job).mappedBy('platform'),
  },
  triggers: [setsTimes('execution.platforms')],
});
export type Platform = InferEntity<typeof Platform>;
