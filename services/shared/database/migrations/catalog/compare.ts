/** Two inventories side by side, every difference as a sentence. */
import { withFlatChains } from './chains.ts';
import { type CatalogObject, type Inventory, keyOf } from './inventory.ts';

export type Difference = {
  readonly kind: 'missing' | 'extra' | 'changed' | 'unindexed' | 'model';
  /** Such as `column identity.users.email`. */
  readonly object: string;
  readonly sentence: string;
  /** What of it differs: `type`, `owner`, `definition`. */
  readonly fact?: string;
  readonly expected?: string;
  readonly found?: string;
};

/** What of `found` is not as in `expected`. Parts of what is missing or extra as a whole are not listed one by one. */
export function compareInventories(expected: Inventory, found: Inventory): Difference[] {
  const missing = [...expected.values()].filter(
    (object) => !found.has(keyOf(object)) && !isPartition(object),
  );
  const extra = [...found.values()].filter((object) => !expected.has(keyOf(object)) && !isPartition(object));
  const changed = [...found.values()].flatMap((object) => {
    const model = expected.get(keyOf(object));
    return model === undefined || isPartition(object) ? [] : changesOf(model, object);
  });
  const differing = new Set([...missing, ...extra].map(partOf));
  for (const { object } of changed) differing.add(partOf(found.get(object)));
  return [
    ...roots(missing).map((object) => whole('missing', object)),
    ...roots(extra).map((object) => whole('extra', object)),
    ...changed,
    ...partitionChanges(expected, found, differing),
  ];
}

function isPartition({ kind }: CatalogObject): boolean {
  return kind === 'partition';
}

/** Such as `column table execution.jobs`: something of that kind of that table. */
function partOf(object: CatalogObject | undefined): string {
  return `${object?.kind} ${object?.parent}`;
}

/** Facts of a partition that follow from these parts of its parent. */
const inherited: Readonly<Record<string, string>> = {
  columns: 'column',
  constraints: 'constraint',
  indexes: 'index',
  triggers: 'trigger',
};

/**
 * Upkeep makes partitions while the hub runs; each has to be like one that migrations or upkeep make now. What differs
 * in the parent has been told already.
 */
function partitionChanges(
  expected: Inventory,
  found: Inventory,
  differing: ReadonlySet<string>,
): Difference[] {
  const models = [...expected.values()].filter(isPartition);
  return [...found.values()].filter(isPartition).flatMap((object) => {
    const choices = models
      .filter(({ facts }) => facts.of === object.facts.of)
      .map((model) => changesOf(model, object));
    const nearest = choices.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return nearest.filter(({ fact = '' }) => !differing.has(`${inherited[fact]} ${object.parent}`));
  });
}

/** Those that are not part of another one of the list. */
function roots(objects: readonly CatalogObject[]): CatalogObject[] {
  const names = new Set(objects.map(keyOf));
  return objects.filter(({ parent }) => parent === null || !names.has(parent));
}

function whole(kind: 'missing' | 'extra', object: CatalogObject): Difference {
  const key = keyOf(object);
  return { kind, object: key, sentence: `the ${key} is ${kind}` };
}

function changesOf(expected: CatalogObject, found: CatalogObject): Difference[] {
  const names = new Set([...Object.keys(expected.facts), ...Object.keys(found.facts)]);
  return [...names].flatMap((fact): Difference[] => {
    const [wanted, live] = [expected.facts[fact], found.facts[fact]];
    if (wanted === live || (chained.has(fact) && sameChains(wanted, live))) return [];
    const [shownWanted, shownLive] = whereTheyPart(wanted ?? 'none', live ?? 'none');
    const sentence = `the ${keyOf(found)} has another ${fact}: expected ${shownWanted}, found ${shownLive}`;
    return [{ kind: 'changed', object: keyOf(found), fact, expected: wanted, found: live, sentence }];
  });
}

/** After a restore the parentheses within a chain of AND or OR are gone. */
function sameChains(wanted = '', live = ''): boolean {
  return flatParts(wanted) === flatParts(live);
}

/** A partition's constraints are a list, in the order of their texts. */
function flatParts(text: string): string {
  return text.split('; ').map(withFlatChains).toSorted().join('; ');
}

const chained = new Set(['definition', 'constraints']);

const longest = 160;

/** Both in full where they are short; of long ones the first lines, or the first stretch, that differ. */
function whereTheyPart(a: string, b: string): [string, string] {
  if (a.length <= longest && b.length <= longest && !a.includes('\n') && !b.includes('\n')) return [a, b];
  const [linesA, linesB] = [a.split('\n'), b.split('\n')];
  const line = linesA.findIndex((text, index) => text !== linesB[index]);
  const at = line === -1 ? linesA.length : line;
  const [textA, textB] = [linesA[at] ?? 'no more lines', linesB[at] ?? 'no more lines'];
  const common = [...textA].findIndex((char, index) => char !== textB[index]);
  const from = Math.max(0, (common === -1 ? Math.min(textA.length, textB.length) : common) - longest / 2);
  const cut = (text: string) =>
    `${from > 0 ? '...' : ''}${text.slice(from, from + longest).trim()}${text.length > from + longest ? '...' : ''}`;
  const where = linesA.length > 1 || linesB.length > 1 ? `in line ${at + 1} ` : '';
  return [`${where}"${cut(textA)}"`, `"${cut(textB)}"`];
}
