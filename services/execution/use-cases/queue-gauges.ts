import { getDb } from '@quantum-hub/database';
import { attemptOutcomes } from '@quantum-hub/database/models';
import type { GaugeSource } from '@quantum-hub/http';
import { type Clock, systemClock } from '@quantum-hub/kernel';
import { listDevices, type QueueFigures } from '../queries/devices.ts';
import { countWorkers, readAttemptFigures } from '../queries/worker-figures.ts';
import type { QueueWatch } from './queue-watch.ts';

const gauges = [
  ['qhub_jobs_waiting', 'Jobs that wait for a slot of a device.', 'depth'],
  ['qhub_jobs_scheduled', 'Jobs that wait for their time.', 'scheduled'],
  ['qhub_jobs_running', 'Jobs that run on a device.', 'running'],
  ['qhub_queue_oldest_seconds', 'How long the first job that waits for a slot has.', 'oldestSeconds'],
  [
    'qhub_queue_wait_seconds',
    'How long the newest jobs of the last hour waited on average.',
    'averageWaitSeconds',
  ],
] as const satisfies readonly (readonly [string, string, keyof QueueFigures])[];

/** Queues, workers and attempts for `/metrics`: of the whole hub, whichever process is asked. */
export function queueGauges(queues: QueueWatch, clock: Clock = systemClock): readonly GaugeSource[] {
  return [...deviceGauges(queues), workers, attempts(clock)];
}

const workers: GaugeSource = {
  name: 'qhub_workers',
  help: 'Workers that are alive, on all machines.',
  read: async () => [{ value: await getDb((db) => countWorkers(db), { as: 'worker', readOnly: true }) }],
};

/**
 * A gauge, and no counter (`_total`): a counter belongs to one process and begins anew with it, and workers, which come and go, need not
 * listen at all. Any process tells this of the whole hub, out of the database, and at the same cost after years of jobs.
 */
const attempts = (clock: Clock): GaugeSource => ({
  name: 'qhub_recent_attempts',
  help: 'Attempts of the jobs of the last hour by outcome, the newest 10,000 at most; lost: with their worker or its lease.',
  labels: ['outcome'],
  async read() {
    const since = new Date(clock().getTime() - 3_600_000);
    const figures = await getDb((db) => readAttemptFigures(db, since), { as: 'worker', readOnly: true });
    const counted = new Map(figures.map(({ outcome, attempts }) => [outcome, attempts]));
    return [...attemptOutcomes, 'runs'].map((outcome) => ({
      value: counted.get(outcome) ?? 0,
      labels: { outcome },
    }));
  },
});

/** By device. All gauges of one reading come from one count. */
function deviceGauges(watch: QueueWatch): readonly GaugeSource[] {
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
