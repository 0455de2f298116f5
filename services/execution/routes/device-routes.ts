import { Answer, pageQuery, pageSchema, type Route, route } from '@quantum-hub/http';
import { z } from 'zod';
import { devicePart } from '../domain/submission.ts';
import {
  deviceTag,
  type ShownDevice,
  showDevice,
  showDeviceEvents,
  showDevices,
  switchDevice,
} from '../use-cases/devices.ts';
import type { QueueWatch } from '../use-cases/queue-watch.ts';

const statuses = ['online', 'offline', 'maintenance', 'retired'] as const;

const profileSchema = z.object({
  version: z.string().describe('Same version, program, inputs, shots and seed: same counts.'),
  description: z.string(),
  languages: z.array(z.string()),
  requests: z.array(z.string()).describe('Kinds of requests that it serves: counts, expectation, resources.'),
  gates: z
    .union([z.literal('any'), z.array(z.string())])
    .describe('The gates that it runs; any: all of the language.'),
  refuses: z
    .record(z.string(), z.string())
    .describe('Features of the language that it refuses, each with why.'),
  noise: z.json().optional().describe('Absent: ideal.'),
});

const deviceSchema = z
  .object({
    name: z.string().describe('Platform and device, as jobs name it: local/statevector.'),
    provider: z.string(),
    simulator: z.boolean(),
    status: z
      .enum(statuses)
      .describe('online takes jobs; on offline and maintenance jobs wait; retired takes none.'),
    qubits: z.int(),
    maximumShots: z.int(),
    slots: z.int().describe('How many jobs it runs at once.'),
    queue: z
      .object({
        depth: z.int().describe('Jobs that wait for a slot.'),
        scheduled: z.int().describe('Jobs that wait for their time.'),
        running: z.int(),
        oldestSeconds: z.number().min(0).describe('How long the first of those that wait for a slot has.'),
        averageWaitSeconds: z
          .number()
          .nullable()
          .describe('Of the newest jobs of the last hour that have started; null: there was none.'),
      })
      .describe(
        'All of one moment, at most a second ago; of queues that take longer to count, some seconds.',
      ),
    profile: profileSchema.nullable().describe('null: no adapter of this hub knows it any more.'),
  })
  .meta({
    id: 'Device',
    examples: [
      {
        name: 'local/statevector',
        provider: 'This hub',
        simulator: true,
        status: 'online',
        qubits: 26,
        maximumShots: 1_000_000,
        slots: 2,
        queue: { depth: 0, scheduled: 0, running: 0, oldestSeconds: 0, averageWaitSeconds: null },
        profile: {
          version: '1',
          description: 'Exact state vector.',
          languages: ['openqasm'],
          requests: ['counts', 'expectation'],
          gates: 'any',
          refuses: {},
        },
      },
    ],
  });

function deviceJson({ device, queue }: ShownDevice): z.output<typeof deviceSchema> {
  const { platform, name, provider, simulator, status, qubits, maximumShots, slots, profile } = device;
  const { depth, scheduled, running, oldestSeconds, averageWaitSeconds } = queue;
  return {
    ...{ name: `${platform}/${name}`, provider, simulator, status, qubits, maximumShots, slots },
    queue: { depth, scheduled, running, oldestSeconds, averageWaitSeconds },
    profile: profile as z.output<typeof profileSchema> | null,
  };
}

const answered = (shown: ShownDevice) =>
  new Answer(200, deviceJson(shown), { etag: deviceTag(shown.device) });
const params = z.strictObject({ platform: devicePart, name: devicePart });

const deviceEventSchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actorId: z.uuid().describe('The operator.'),
    credentialId: z.uuid().describe('The session or key that it was done with.'),
    from: z.enum(statuses),
    to: z.enum(statuses),
  })
  .meta({
    id: 'DeviceEvent',
    examples: [
      {
        id: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11',
        at: '2026-11-23T10:00:00.000Z',
        actorId: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b12',
        credentialId: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b13',
        from: 'online',
        to: 'maintenance',
      },
    ],
  });

const events = route({
  method: 'GET',
  path: '/v1/devices/:platform/:name/events',
  name: 'listDeviceEvents',
  summary: 'Who switched a device, from what to what, newest first (operators).',
  tag: 'Devices',
  access: { scope: 'hub:operate', role: 'operator' },
  params,
  query: z.strictObject(pageQuery),
  answers: { 200: pageSchema(deviceEventSchema) },
  errors: ['execution.device_not_found'],
  async handle({ actor, params: { platform, name }, query }) {
    const page = await showDeviceEvents(
      actor,
      `${platform}/${name}`,
      query as Parameters<typeof showDeviceEvents>[2],
    );
    const items = page.items.map((event) => ({ ...event, at: event.at.toISOString() }));
    return { items, ...(page.nextCursor && { nextCursor: page.nextCursor }) };
  },
});

export function deviceRoutes(watch: QueueWatch): readonly Route[] {
  const list = route({
    method: 'GET',
    path: '/v1/devices',
    name: 'listDevices',
    summary: 'Lists all devices with what they run and how long their queues are.',
    tag: 'Devices',
    access: { scope: 'execution:read' },
    answers: { 200: z.object({ items: z.array(deviceSchema) }) },
    async handle({ actor }) {
      return { items: (await showDevices(watch, actor)).map(deviceJson) };
    },
  });
  const show = route({
    method: 'GET',
    path: '/v1/devices/:platform/:name',
    name: 'showDevice',
    summary: 'Shows a device: limits, language features, status, queue.',
    tag: 'Devices',
    access: { scope: 'execution:read' },
    params,
    answers: { 200: deviceSchema },
    errors: ['execution.device_not_found'],
    async handle({ actor, params: { platform, name } }) {
      return answered(await showDevice(watch, actor, `${platform}/${name}`));
    },
  });
  const change = route({
    method: 'PATCH',
    path: '/v1/devices/:platform/:name',
    name: 'switchDevice',
    summary: 'Switches a device on or off (operators).',
    description:
      'On a device that is offline or in maintenance running jobs finish and the others wait. With `If-Match` only if the device is as you saw it.',
    tag: 'Devices',
    access: { scope: 'hub:operate', role: 'operator' },
    params,
    body: z.strictObject({ status: z.enum(statuses) }).meta({ id: 'DeviceChange' }),
    answers: { 200: deviceSchema },
    errors: ['execution.device_not_found'],
    conditional: true,
    examples: { body: { status: 'maintenance' } },
    async handle({ actor, params: { platform, name }, body, headers }) {
      const address = `${platform}/${name}`;
      return answered(await switchDevice(watch, actor, { address, status: body.status, headers }));
    },
  });
  return [list, show, change, events];
}
