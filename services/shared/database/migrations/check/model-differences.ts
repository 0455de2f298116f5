/** What the models say and no migration makes: asked of a scratch database, so that drift of the live one is told once. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { compareInventories, type Difference } from '../catalog/compare.ts';

/** Of a database that all migrations made, which is left as it is. */
export type ScratchAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

/** The comparison that `create` makes: where there is no difference it would write nothing. */
export async function modelDifferences(
  { database, ...server }: ScratchAddress,
  models?: readonly EntitySchema[],
): Promise<Difference[]> {
  // Here and not above: they bring the whole ORM, which other commands need not load.
  const { ScratchSession } = await import('../create/scratch.ts');
  const { readCatalog } = await import('../create/catalog.ts');
  const { readModels, targetOf } = await import('../create/model-target.ts');
  const { entities } = await import('../../models/index.ts');
  await using session = await ScratchSession.open(server, database);
  const before = await readCatalog(session);
  const target = targetOf(before, await readModels(session, before, models ?? entities));
  return compareInventories(target.inventory, before.inventory).map((one) => ({
    ...one,
    kind: 'model',
    sentence: `the models say what no migration makes: ${one.sentence}; run \`npx create-migration\``,
  }));
}
