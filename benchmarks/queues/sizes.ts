import type { Plan } from '../harness/compare.ts';

export interface QueueSizes {
  /** Each run is one batch of jobs. */
  readonly throughput: { readonly rounds: number; readonly jobs: number };
  readonly latency: Omit<Plan, 'concurrency'>;
  readonly claim: Omit<Plan, 'concurrency'> & {
    readonly users: number;
    /** Jobs that wait: the first number is what the second is compared with. */
    readonly queued: readonly [number, number];
  };
}

const usual: QueueSizes = {
  throughput: { rounds: 7, jobs: 200 },
  latency: { rounds: 10, roundMs: 300 },
  claim: { rounds: 40, roundMs: 50, users: 1000, queued: [1000, 1_000_000] },
};

/** To see that everything runs; its figures say nothing. */
const quick: QueueSizes = {
  throughput: { rounds: 1, jobs: 10 },
  latency: { rounds: 1, roundMs: 20 },
  claim: { rounds: 1, roundMs: 20, users: 20, queued: [20, 200] },
};

export const queueSizes = { quick, usual } as const;
