/** Drift: what separates a live database from the migrations, and the migrations from the models. */

import type { ScratchAddress } from '../../scratch/scratch-database.ts';
import { compareInventories, type Difference } from '../catalog/compare.ts';
import { readInventory } from '../catalog/inventory.ts';
import type { AdminSession } from '../owner-transaction.ts';
import { unindexedForeignKeys } from './foreign-keys.ts';
import { modelDifferences } from './model-differences.ts';

/** A scratch database that all migrations made, on a server of its own. */
export type Reference = { readonly session: AdminSession; readonly address: ScratchAddress };

const meaning: Readonly<Record<string, string>> = {
  missing: ': the migrations make it, and it is not in the database',
  extra: ': it is in the database, and no migration makes it',
};

/** Changes nothing in `live`, which is read in one snapshot. Empty when there is no drift. */
export async function checkDatabase(live: AdminSession, reference: Reference): Promise<Difference[]> {
  const drift = compareInventories(await readInventory(reference.session), await readInventory(live));
  return [
    ...drift.map((one) => ({ ...one, sentence: `${one.sentence}${meaning[one.kind] ?? ''}` })),
    ...(await unindexedForeignKeys(live)),
    ...(await modelDifferences(reference.address)),
  ];
}
