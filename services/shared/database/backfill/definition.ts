import { createHash } from 'node:crypto';
import type { AdminSession } from '../migrations/owner-transaction.ts';

/** The keys of one batch: those after `after` (null: from the first on) up to `upTo`, both as text. */
export type KeyRange = { readonly after: string | null; readonly upTo: string };

type Common = {
  /** Its name for people and in `hub.backfills`; never used again for another change. */
  readonly name: string;
  /** Such as `execution.jobs`; a partitioned table by its own name, not that of a partition. */
  readonly table: string;
  /** A column with an index and without nulls, whose order the batches follow; best the primary key. */
  readonly key: string;
  /** SQL over the table's columns: which rows still need the change. Must not hold any more when a row has had it. */
  readonly where: string;
};

/** A change of the data of a large table, made in batches while the hub runs. */
export type Backfill = Common &
  (
    | {
        /** What stands after SET in an UPDATE, such as `name = upper(name)`. */
        readonly set: string;
      }
    | {
        /** Changes the rows of a range for which `where` holds, in the batch's transaction, and gives their number. */
        readonly change: (session: AdminSession, range: KeyRange) => Promise<number>;
      }
  );

/** SHA-256 of what it does, so that half of the rows can't have had one change and half another. */
export function fingerprintOf(backfill: Backfill): string {
  const { table, key, where } = backfill;
  const change = 'set' in backfill ? backfill.set : String(backfill.change);
  return createHash('sha256')
    .update(JSON.stringify([table, key, where, change]))
    .digest('hex');
}
