/** One step of a migration: its SQL, what it puts at risk, and how the same is done without. */
import type { Hazard } from '../hazards.ts';
import type { Risk } from './risks.ts';

/** A statement for a later migration. Those of one `level` share one, but a concurrent one stands by itself. */
export type Later = {
  readonly level: number;
  readonly sql: string;
  /** Runs outside a transaction. */
  readonly concurrent?: true;
  readonly hazard?: Hazard;
  /** What the migration does, for its description: `Build the index x`. */
  readonly what: string;
};

export type Change = {
  /** `schema.table`, for messages. */
  readonly table: string;
  /** Without a semicolon at the end. */
  readonly sql: string;
  /** A comment above it. */
  readonly remark?: string;
  readonly risks?: readonly Risk[];
  /** The same in several migrations that lock only briefly, without the hazard `avoids`; `now` may be empty. */
  readonly safe?: { readonly avoids: Hazard; readonly now: string; readonly later: readonly Later[] };
  /** Taking this back doesn't bring back what was stored, or loses what was stored since. */
  readonly losesData?: boolean;
  /** There is no way to fill what this adds: it succeeds on an empty table only. */
  readonly needsEmptyTable?: boolean;
  /** What callers must do before it is applied. */
  readonly breaking?: string;
};

export function quote(...names: string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
