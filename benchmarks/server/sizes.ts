import type { Load } from './load.ts';

export interface ServerSizes {
  readonly rounds: number;
  readonly reads: Load;
  readonly crowd: Load;
}

const usual: ServerSizes = {
  rounds: 7,
  reads: { connections: 16, seconds: 2 },
  crowd: { connections: 1000, seconds: 10, timeoutSeconds: 30 },
};

/** To see that everything runs; its figures say nothing. */
const quick: ServerSizes = {
  rounds: 1,
  reads: { connections: 4, seconds: 1 },
  crowd: { connections: 100, seconds: 1, timeoutSeconds: 30 },
};

export const serverSizes = { quick, usual } as const;
