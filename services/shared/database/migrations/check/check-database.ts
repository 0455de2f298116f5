/** Drift: what separates a live database from the migrations, and the migrations from the models. */
import type { AdminAddress } from '../differ.ts';
import type { AdminSession } from '../owner-transaction.ts';
import { splitStatements } from '../statements.ts';
import { compareInventories, type Difference } from './compare.ts';
import { unindexedForeignKeys } from './foreign-keys.ts';
import { readInventory } from './inventory.ts';

/** A scratch database that all migrations made, on a server of its own. */
export type Reference = { readonly session: AdminSession; readonly address: AdminAddress };

/** Changes nothing in `live`, which is read in one snapshot. Empty when there is no drift. */
export async function checkDatabase(live: AdminSession, reference: Reference): Promise<Difference[]> {
  return [
    ...compareInventories(await readInventory(reference.session), await readInventory(live)),
    ...(await unindexedForeignKeys(live)),
    ...(await modelDifferences(reference.address)),
  ];
}

/** What the models say and no migration makes: asked of the scratch database, so that drift of the live one is told once. */
export async function modelDifferences(address: AdminAddress): Promise<Difference[]> {
  // Here and not above: it brings the whole ORM, which other commands need not load.
  const { diffModels } = await import('../differ.ts');
  const { up } = await diffModels(address);
  return splitStatements(up).map(({ text }) => ({
    kind: 'model',
    object: text,
    sentence: `the models say what no migration makes: ${text.replace(/\s+/g, ' ')}; run \`npx create-migration\``,
  }));
}
