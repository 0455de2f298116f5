/** Texts that a column may take: around the limits that its checks name, and what its type begins and ends with. */
import { randomBytes } from 'node:crypto';
import { newId } from '@quantum-hub/kernel';
import { samplePattern } from './sample-pattern.ts';
import { sampleShape } from './sample-shape.ts';
import type { ColumnFacts } from './table-facts.ts';

/** Longer texts cost seconds and show nothing more. */
const longestText = 1_000_000;

/** The server judges which of them the checks accept. */
export function candidatesFor({ type, labels }: ColumnFacts, checks: readonly string[]): string[] {
  const check = checks.join(' and ');
  const literals = [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) =>
    text.replaceAll("''", "'"),
  );
  if (labels.length > 0) return [...labels];
  if (type.endsWith('[]')) return arrays(literals);
  const all = [...ofType(type, check), ...literals];
  return [...new Set(all)];
}

function arrays(literals: readonly string[]): string[] {
  const quoted = literals.filter((text) => !text.includes('{')).map((text) => JSON.stringify(text));
  return ['{}', `{${quoted.join(',')}}`, ...quoted.map((text) => `{${text}}`)];
}

function ofType(type: string, check: string): string[] {
  const numbers = [...check.matchAll(/'?(-?\d+(?:\.\d+)?)'?/g)].map(([, text]) => Number(text));
  const base = type.replace(/\(.*?\)/, '');
  switch (base) {
    case 'text':
    case 'character varying':
    case 'character':
      return texts(check, [...numbers, ...lengthOf(type)]);
    case 'smallint':
    case 'integer':
    case 'bigint':
      return wholeNumbers(numbers, base);
    case 'numeric':
    case 'real':
    case 'double precision':
      return ['0', '1', '-1', '0.5', ...numbers.map(String), ...numbers.map((n) => String(n / 2))];
    case 'uuid':
      return uuids();
    case 'bytea':
      return [...new Set([0, 1, 32, ...numbers])]
        .filter((length) => length >= 0 && length <= longestText && Number.isInteger(length))
        .flatMap((length) => Array.from({ length: length > 0 && length <= 64 ? 8 : 1 }, () => hex(length)));
    case 'json':
    case 'jsonb':
      return documents(check);
    default:
      return others[base] ?? ['', '0', '{}'];
  }
}

const times = [
  '2026-01-02 03:04:05.678901+00',
  '1970-01-01 00:00:00+00',
  '9999-12-31 23:59:59.999+00',
  'now',
  '2099-01-01 00:00:00+00',
];
const others: Readonly<Record<string, string[]>> = {
  boolean: ['true', 'false'],
  'timestamp with time zone': times,
  'timestamp without time zone': times,
  date: ['2026-01-02', '1970-01-01', '9999-12-31'],
  'time without time zone': ['00:00', '23:59:59.999999'],
  'time with time zone': ['00:00+00', '23:59:59+14'],
  interval: ['0', '1 month 2 days 03:04:05'],
  inet: ['192.0.2.1', '2001:db8::1', '10.0.0.0/8'],
  cidr: ['10.0.0.0/8', '2001:db8::/32'],
  macaddr: ['08:00:2b:01:02:03'],
  tsvector: ["'a':1"],
  bit: ['0', '1'],
  xml: ['<a/>'],
  money: ['0', '1.50'],
};

function lengthOf(type: string): number[] {
  return [...type.matchAll(/\((\d+)/g)].map(([, digits]) => Number(digits));
}

function hex(length: number): string {
  return `\\x${randomBytes(length).toString('hex')}`;
}

function wholeNumbers(numbers: readonly number[], type: 'smallint' | 'integer' | 'bigint'): string[] {
  const bits = { smallint: 15n, integer: 31n, bigint: 63n }[type];
  const [lowest, highest] = [-(2n ** bits), 2n ** bits - 1n];
  const near = numbers
    .filter(Number.isSafeInteger)
    .flatMap((n) => [BigInt(n), BigInt(n) - 1n, BigInt(n) + 1n]);
  const all = [0n, 1n, 2n, -1n, lowest, highest, ...near];
  return [...new Set(all)].filter((n) => n >= lowest && n <= highest).map(String);
}

/** Version 7, made years ago and now, so that old and new partitions are hit. */
function uuids(): string[] {
  const past = () => {
    const digits = randomBytes(16).toString('hex');
    return `0170${digits.slice(0, 4)}-${digits.slice(4, 8)}-7${digits.slice(8, 11)}-8${digits.slice(11, 14)}-${digits.slice(14, 26)}`;
  };
  return [...Array.from({ length: 12 }, past), ...Array.from({ length: 12 }, () => newId())];
}

function documents(check: string): string[] {
  const shapes = [...check.matchAll(/matches_shape\(.*?, '((?:[^']|'')*)'::jsonb\)/g)];
  const sampled = shapes.flatMap(([, text = '']) => sampleShape(text.replaceAll("''", "'")));
  return [...sampled, '{}', '[]', 'null', '1', '"é"', '{"key": [1, null]}'];
}

function texts(check: string, lengths: readonly number[]): string[] {
  const salt = () => randomBytes(6).toString('hex');
  const limits = lengths.filter((length) => Number.isInteger(length) && length >= 0 && length <= longestText);
  const patterns = [...check.matchAll(/~ '((?:[^']|'')*)'/g)].map(([, text = '']) =>
    text.replaceAll("''", "'"),
  );
  const plain = [
    `x${salt()}`,
    `é😀 "'\\ ${salt()}`,
    `${salt()}@example.org`,
    `https://example.org/${salt()}`,
    'a',
    '',
  ];
  const long = limits.flatMap((length) => [
    salt()
      .repeat(Math.ceil(length / 12))
      .slice(0, length),
  ]);
  return [...plain, ...long, ...patterns.flatMap((pattern) => matching(pattern, limits))];
}

/** Short ones, some of them by chance, and ones that are as long as a limit allows. */
function matching(pattern: string, limits: readonly number[]): string[] {
  const which = (count: number) => (randomBytes(1)[0] ?? 0) % count;
  const sampled = [0, 1, 2, 3, 5, 5, 8, 8, 12, 12, 12, 12].map((more) =>
    samplePattern(pattern, { which, times: (min, max) => Math.min(max, min + more) }),
  );
  const grown = limits.flatMap((length) => {
    const long = samplePattern(pattern, {
      which: () => 0,
      times: (min, max) => Math.min(max, Math.max(min, length)),
    });
    // A pattern without an end takes anything behind it.
    return long === undefined ? [] : [long.slice(0, length), long.slice(0, length).padEnd(length, 'a')];
  });
  return [...sampled, ...grown].filter((text) => text !== undefined);
}
