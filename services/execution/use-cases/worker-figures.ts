import { getDb } from '@quantum-hub/database';
import { readWorkerFigures, type WorkerFigures } from '../queries/worker-figures.ts';

export type { WorkerFigures };

/** Who works, and how much waits, for operators on the host; needs an opened database with the role `worker`. */
export async function workerFigures(): Promise<WorkerFigures> {
  return await getDb((db) => readWorkerFigures(db), { as: 'worker', readOnly: true });
}
