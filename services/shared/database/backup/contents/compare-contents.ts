import type { Contents } from '../manifest/manifest.ts';

/** Kinds that every major prints alike by name; of the others a newer one knows more. */
const ofEveryMajor = /^(table|policy|grant|index|sequence|schema|function|trigger|extension) /;

/**
 * What of a restored database is not as the manifest says, a sentence each. The definitions of objects are compared only
 * where both are of one major: others may print them otherwise.
 */
export function compareContents(
  expected: Contents,
  found: Contents,
  { sameMajor }: { sameMajor: boolean },
): string[] {
  return [
    ...tableFaults(expected.tables, found.tables),
    ...sequenceFaults(expected.sequences, found.sequences),
    ...(sameMajor
      ? objectFaults(expected.objects, found.objects)
      : Object.keys(expected.objects)
          .filter((key) => ofEveryMajor.test(key) && !(key in found.objects))
          .map((key) => `the ${key} is missing`)),
  ];
}

function tableFaults(expected: Contents['tables'], found: Contents['tables']): string[] {
  const faults = Object.entries(expected).flatMap(([name, { rows, digest }]) => {
    const other = found[name];
    if (other === undefined) return [`the table ${name} is missing`];
    if (other.rows !== rows) return [`the table ${name} has ${other.rows} rows and not ${rows}`];
    return other.digest === digest ? [] : [`the table ${name} has other rows`];
  });
  const extra = Object.keys(found).filter((name) => !(name in expected));
  return [...faults, ...extra.map((name) => `the table ${name} is extra`)];
}

/** Writers may have drawn numbers while pg_dump ran: any value between the two readings will do. */
function sequenceFaults(expected: Contents['sequences'], found: Contents['sequences']): string[] {
  return Object.entries(expected).flatMap(([name, { before, after }]) => {
    const value = found[name]?.after;
    if (value === undefined) return [`the sequence ${name} is missing`];
    if (value === before || value === after) return [];
    const [low, high] = [before, after].map(numberOf).toSorted((a, b) => (a < b ? -1 : 1)) as [
      bigint,
      bigint,
    ];
    const between = before !== after && numberOf(value) >= low && numberOf(value) <= high;
    return between ? [] : [`the sequence ${name} stands at ${value} and not at ${after}`];
  });
}

function numberOf(value: string): bigint {
  return BigInt(value.split(' ')[0] ?? 0);
}

function objectFaults(expected: Contents['objects'], found: Contents['objects']): string[] {
  const missing = Object.entries(expected).flatMap(([key, hash]) => {
    if (!(key in found)) return [`the ${key} is missing`];
    return found[key] === hash ? [] : [`the ${key} is another one`];
  });
  const extra = Object.keys(found).filter((key) => !(key in expected));
  return [...missing, ...extra.map((key) => `the ${key} is extra`)];
}
