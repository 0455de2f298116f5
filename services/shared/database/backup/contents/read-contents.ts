import type { AdminConnection } from '../../connection/admin-connection.ts';
import { readObjects } from '../../migrations/catalog/inventory.ts';
import { digestOf } from '../manifest/canonical-json.ts';
import type { Contents } from '../manifest/manifest.ts';
import type { Snapshot } from './snapshot.ts';
import { digestLargeObjects, digestTable, largeObjects, readSequences } from './tables.ts';

export type OnTable = (name: string, done: number, of: number) => void;

/**
 * What the database holds at the snapshot's moment. `before` are the sequences as they were before the dump; without it
 * nobody writes, and one reading does.
 */
export async function readContents(
  admin: AdminConnection,
  snapshot: Snapshot,
  { before, onTable = () => {} }: { before?: ReadonlyMap<string, string>; onTable?: OnTable } = {},
): Promise<Contents> {
  const after = await readSequences(admin);
  const tables: Contents['tables'] = {};
  for (const [index, name] of snapshot.tables.entries()) {
    onTable(name, index, snapshot.tables.length);
    tables[name] = await digestTable(admin, name);
  }
  const large = await digestLargeObjects(admin);
  if (large) tables[largeObjects] = large;
  const sequences: Contents['sequences'] = {};
  for (const [name, value] of after) sequences[name] = { before: before?.get(name) ?? value, after: value };
  const objects: Contents['objects'] = {};
  for (const [key, { facts }] of await readObjects(admin)) objects[key] = hashOf(facts);
  return { tables, sequences, objects };
}

/**
 * Dumped and restored, `(a and b) and c` prints as `a and b and c`, and a list of constraints in that order: parentheses
 * and order are no difference here. Half of a hash names a catalog's object well enough.
 */
function hashOf(facts: Readonly<Record<string, string>>): string {
  const plain = Object.entries(facts).map(([fact, text]) => [
    fact,
    text
      .split('; ')
      .map((part) => part.replaceAll(/[()]/g, ''))
      .toSorted(),
  ]);
  return digestOf(Object.fromEntries(plain)).slice(0, 32);
}
