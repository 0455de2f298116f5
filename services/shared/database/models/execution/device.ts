import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { base } from '../declaration/base.ts';
import { integer, json, oneOf, text } from '../declaration/fields.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { Job } from './job.ts';
import { Platform } from './platform.ts';

export const deviceStatuses = ['online', 'offline', 'maintenance', 'retired'] as const;

const basisGates = shape.array(shape.string({ max: 40 }), { max: 200 });
/** Pairs of qubits that a two-qubit gate may act on, as [control, target]; absent means all to all. */
const connectivity = shape.array(shape.array(shape.integer({ min: 0, max: 1_000_000 }), { max: 2 }), {
  max: 100_000,
});

/** A QPU or simulator that jobs run on. Retired, never deleted: jobs keep pointing at it. */
export const Device = defineEntity({
  name: 'Device',
  schema: 'execution',
  tableName: 'devices',
  comment: 'QPUs and simulators that jobs run on; retired, never deleted.',
  properties: {
    ...base(),
    platform: () => immutable(p.manyToOne(Platform).ref().deleteRule('restrict').comment('Where it is.')),
    name: text({ min: 1, max: 100, pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/ }).comment(
      'Its name, unique on its platform.',
    ),
    status: oneOf(deviceStatuses).default('offline').comment('Whether it takes jobs.'),
    qubits: integer({ min: 1, max: 1_000_000 }).comment('How many qubits it has.'),
    quantumVolume: integer({ min: 1 })
      .nullable()
      .comment('Quantum volume (a power of two), where it was measured.'),
    basisGates: json(basisGates, { maxBytes: 16_384 })
      .defaultRaw(`'[]'`)
      .comment('Names of the gates it runs as they are.'),
    connectivity: json(connectivity, { maxBytes: 2_097_152 })
      .nullable()
      .comment('Pairs of qubits that can interact; null: all of them.'),
    properties: json(shape.anyObject, { maxBytes: 4_194_304 })
      .defaultRaw(`'{}'`)
      .comment('Calibration and whatever else the vendor tells.'),
    pendingJobs: integer().default(0).comment('Jobs waiting, as the vendor or our queue last counted.'),
    averageQueueSeconds: integer().nullable().comment('How long jobs waited of late, in seconds.'),
    maxShots: integer({ min: 1, max: 1_000_000_000 }).default(100_000).comment('The most shots of one job.'),
    jobs: () => p.oneToMany(Job).mappedBy('device'),
  },
  uniques: [{ properties: ['platform', 'name'] }],
  triggers: [setsTimes('execution.devices')],
});
export type Device = InferEntity<typeof Device>;
