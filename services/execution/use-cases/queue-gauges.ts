import { getDb } from '@quantum-hub/database';
import type { GaugeSource } from '@quantum-hub/http';
import { listDevices, type QueueFigures } from '../queries/devices.ts';
import { QueueWatch } from './devices.ts';

const gauges = [
  ['qhub_jobs_waiting', 'Jobs that wait for a slot of a device.', 'depth'],
  ['qhub_jobs_scheduled', 'Jobs that wait for their time.', 'scheduled'],
  ['qhub_jobs_running', 'Jobs that run on a device.', 'running'],
  [
    'qhub_queue_wait_seconds',
    'How long the newest jobs of the last hour waited on average.',
    'averageWaitSeconds',
  ],
] as const satisfies readonly (readonly [string, string, keyof QueueFigures])[];

/** The queues for `/metrics`, by device. All gauges of one reading come from one count. */
export function queueGauges(watch = new QueueWatch()): readonly GaugeSource[] {
  return gauges.map(([name, help, figure]) => ({
    name,
    help,
    labels: ['device'],
    async read() {
      const figures = await watch.figures();
      const devices = await getDb((db) => listDevices(db), { as: 'execution', readOnly: true });
      return devices.flatMap(({ id, platform, name: device }) => {
        const value = figures.get(id)?.[figure];
        return value == null ? [] : [{ value, labels: { device: `${platform}/${device}` } }];
      });
    },
  }));
}
