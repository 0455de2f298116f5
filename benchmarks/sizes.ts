import type { Plan } from './harness/compare.ts';
import type { Jobs } from './hub/seed-jobs.ts';

export interface Size extends Jobs {
  readonly users: number;
}

export interface BackupSize {
  /** Of rows that are dumped. */
  readonly megabytes: number;
  readonly rounds: number;
}

export interface Sizes {
  readonly plan: Omit<Plan, 'concurrency'>;
  /** Hubs on which a page of jobs is read; the first one is what the others are compared with. */
  readonly hubs: readonly Size[];
  readonly migrations: {
    /** How often all are applied to an empty database. */
    readonly rounds: number;
    /** How many are verified; all unless given. */
    readonly verified?: number;
    /** Rows of the table that is changed while writers run; none: that is left out. */
    readonly changedRows?: number;
  };
  readonly backups: BackupSize;
}

/** Each hub is older than the one before, with one partition a month: 10 million jobs lie in 96 of them. */
const grown: readonly Size[] = [
  { jobs: 10_000, months: 1, users: 40 },
  { jobs: 1_000_000, months: 24, users: 1000 },
  { jobs: 10_000_000, months: 96, users: 2000 },
];

export const sizes = {
  /** To see that everything runs; its figures say nothing. */
  quick: {
    plan: { rounds: 1, roundMs: 20 },
    hubs: [
      { jobs: 5000, months: 1, users: 40 },
      { jobs: 10_000, months: 2, users: 40 },
    ],
    migrations: { rounds: 1, verified: 1 },
    backups: { megabytes: 2, rounds: 1 },
  },
  usual: {
    plan: { rounds: 40, roundMs: 50 },
    hubs: grown.slice(0, 2),
    migrations: { rounds: 10 },
    backups: { megabytes: 100, rounds: 5 },
  },
  big: {
    plan: { rounds: 100, roundMs: 100 },
    hubs: grown,
    migrations: { rounds: 10, changedRows: 10_000_000 },
    backups: { megabytes: 1000, rounds: 3 },
  },
} satisfies Record<string, Sizes>;

export type SizeName = keyof typeof sizes;
