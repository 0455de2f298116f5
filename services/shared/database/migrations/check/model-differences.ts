/** What the models say and no migration makes: asked of a scratch database, so that drift of the live one is told once. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import type { ScratchAddress } from '../../scratch/scratch-database.ts';
import { compareInventories, type Difference } from '../catalog/compare.ts';

/** The comparison that `create` makes: where there is no difference it would write nothing. */
export async function modelDifferences(
  { database, ...server }: ScratchAddress,
  models?: readonly EntitySchema[],
): Promise<Difference[]> {
  // Here and not above: they bring the whole ORM, which other commands need not load.
  const { OwnerSession } = await import('../../scratch/scratch-database.ts');
  const { readCatalog } = await import('../create/catalog.ts');
  const { targetOf } = await import('../create/model-target.ts');
  const { modelsCatalog } = await import('../create/models-catalog.ts');
  const { entities } = await import('../../models/index.ts');
  await using session = await OwnerSession.open(server, database);
  const before = await readCatalog(session);
  const target = targetOf(before, await modelsCatalog(session, before, models ?? entities));
  return compareInventories(target.inventory, before.inventory).map((one) => ({
    ...one,
    kind: 'model',
    sentence: `the models say what no migration makes: ${one.sentence}; run \`npx create-migration\``,
  }));
}
