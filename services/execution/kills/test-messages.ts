import type { ConnectionSettings } from '@quantum-hub/database';

/** What each process under fire is told, as JSON on its command line. */
export interface Orders {
  readonly connection: ConnectionSettings;
  readonly devices: readonly { readonly id: string; readonly platformId: string; readonly address: string }[];
  readonly users: readonly string[];
  /** Of the submissions: the first number that nobody has heard of yet. */
  readonly from: number;
}

/** A submission that was acknowledged: what must not be lost. */
export interface Submitted {
  readonly number: number;
  readonly id: string;
}

export function readOrders(): Orders {
  return JSON.parse(process.argv[2] ?? '{}') as Orders;
}
