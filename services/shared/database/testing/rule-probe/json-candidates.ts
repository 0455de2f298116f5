/** JSON documents of a declared shape, spoilt ones, and ones at the limits of size, depth and number. */
import fc from 'fast-check';
import { jsonbTextLength } from '../../models/declaration/jsonb-text.ts';
import type { Candidate, Candidates } from './probe.ts';

type Shape = {
  readonly t: string;
  readonly min?: number;
  readonly max?: number;
  readonly of?: Shape | readonly string[];
  readonly p?: Readonly<Record<string, Shape>>;
  readonly r?: readonly string[];
};
type Json = unknown;

const large = 1_500_000;
const largest = 8_000_000;
/** Lists over this length cost seconds; the same code counts the shorter ones. */
const longest = 200_000;

export function jsonCandidates(check: string): Candidates {
  const [, maxBytes, text] = /<= (\d+) and hub\.matches_shape\(v, '(.*)'::jsonb\)$/s.exec(check) ?? [];
  const shape = JSON.parse((text ?? '').replaceAll("''", "'")) as Shape;
  const valid = documents(shape).filter(isReadBack);
  const spoilt = fc
    .tuple(valid, fc.constantFrom(...oddValues, ...oddDocuments), fc.nat())
    .map(([document, odd, place]) => spoil(document, odd, place));
  const atLimits = [...sized(shape, Number(maxBytes)), ...longLists(shape), ...nested(shape)];
  return {
    fixed: [...oddValues, ...oddDocuments, ...atLimits].map((value) => ({ value })),
    random: fc.oneof(valid, spoilt).map((value): Candidate => ({ value })),
  };
}

const parsedProto = JSON.parse('{"__proto__": {"x": 1}}') as Json;
const oddValues: readonly Json[] = [
  null,
  true,
  0,
  -0,
  1,
  0.5,
  -1,
  1e15,
  1e15 + 1,
  1e21,
  -1e21,
  1.5e300,
  1e301,
  1e-7,
  1.25e-9,
  5e-324,
  Number.MAX_VALUE,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1_000_000_000,
  1_000_000_001,
  8760,
  8761,
  '',
  'a',
  '\0',
  '\ud800',
  '\udc00',
  '😀',
  '"\\\b\f\n\r\t\u0001\u001f\u007f\u2028',
  'null',
  '\\u0000',
  "'",
];
const oddDocuments: readonly Json[] = [
  [],
  {},
  [[]],
  [null],
  [undefined],
  [1],
  ['a'],
  Array(2),

  { a: 1 },
  { a: 'b' },
  { '': '' },
  { '\0': 'x' },
  { '\ud800': 'x' },
  { a: '\0' },
  { '😀"\\\n': '😀' },
  parsedProto,
  JSON.parse('{"__proto__": "x"}'),
  { constructor: 'x' },
  { toString: 1 },
  { hasOwnProperty: 'x' },
  { a: { b: [1, { c: null }] } },
  new Date(0),
  { a: new Date(0) },
  new Map(),
  { a: Number.NaN },
  { a: 1e21, b: -1e21, c: 1e-7, d: -1.5e-10, e: 1.234e25, f: 1e-320 },
  { verdict: 'passed' },
  { verdict: 'Passed' },
  { verdict: 'passed', findings: [{ message: 'x', line: 0 }] },
  { amountMinor: 1, currency: 'EUR' },
  { amountMinor: 1.5, currency: 'EUR' },
  { amountMinor: 1, currency: 'EUR', x: 1 },
  { amountMinor: 1 },
  [{ name: 'n', value: 1e300 }],
  [{ name: 'n', value: -1e301 }],
  [[0, 1]],
  [[0, 1, 2]],
  [[-1]],
  [[1e6], [1e6 + 1]],
];

/**
 * Without keys that end with a backslash: V8 13.6 (Node 24.21) reads a key that is one quotation mark as a backslash when it
 * has seen an object with that key in its place before. That is not what is tested here.
 */
const isReadBack = (document: Json): boolean => !JSON.stringify(document).includes('\\\\":');

/** Documents of the shape, with strings and numbers that like to be at their limits. */
function documents(shape: Shape): fc.Arbitrary<Json> {
  const { min = 0, max = 0 } = shape;
  switch (shape.t) {
    case 'string':
      return fc.oneof(
        fc.string({ unit: 'binary', maxLength: Math.min(max, 30) }),
        fc.constantFrom(max, max + 1).map((n) => '😀'.repeat(n)),
      );
    case 'integer':
      return fc.oneof(
        fc.constantFrom(min, max, min - 1, max + 1, min + 0.5),
        fc.integer({ min: 0, max: 1000 }),
      );
    case 'number':
      return fc.oneof(
        fc.constantFrom(min, max, -0, 1e-7),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      );
    case 'boolean':
      return fc.boolean();
    case 'oneOf':
      return fc.constantFrom(...(shape.of as string[]), 'stranger');
    case 'array':
      return fc.array(documents(shape.of as Shape), { maxLength: 4 });
    case 'record':
      return fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }), documents(shape.of as Shape), {
        maxKeys: 4,
        noNullPrototype: true,
      });
    case 'object': {
      const keys = Object.fromEntries(Object.entries(shape.p ?? {}).map(([key, of]) => [key, documents(of)]));
      return fc.record(keys, { requiredKeys: [...(shape.r ?? [])], noNullPrototype: true });
    }
    default:
      return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), {
        maxKeys: 4,
        noNullPrototype: true,
      });
  }
}

/** The document with one of its values replaced, taken away, or one more added. */
function spoil(document: Json, odd: Json, place: number): Json {
  if (typeof document !== 'object' || document === null) return odd;
  if (Array.isArray(document)) {
    return document.length === 0
      ? [odd]
      : document.with(place % document.length, spoil(document[place % document.length], odd, place >> 2));
  }
  const keys = Object.keys(document);
  const key = keys[place % Math.max(1, keys.length)];
  if (key === undefined || place % 5 === 0) return { ...document, stranger: odd };
  const { [key]: value, ...rest } = document as Record<string, Json>;
  return place % 5 === 1 ? rest : { ...rest, [key]: spoil(value, odd, place >> 2) };
}

/** A document with `budget` characters or numbers in it, as far as the shape takes them. */
function filled(shape: Shape, char: string, left: { budget: number }): Json {
  const { max = 0 } = shape;
  const take = (most: number) => {
    const taken = Math.min(most, left.budget);
    left.budget -= taken;
    return taken;
  };
  switch (shape.t) {
    case 'string':
      return char.repeat(take(max));
    case 'integer':
    case 'number':
      take(1);
      return max;
    case 'boolean':
      return true;
    case 'oneOf':
      return (shape.of as string[])[0];
    case 'array': {
      const items: Json[] = [];
      while (left.budget > 0 && items.length < max) items.push(filled(shape.of as Shape, char, left));
      return items;
    }
    case 'record':
      return { [char.repeat(take(left.budget))]: filled(shape.of as Shape, char, left) };
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.p ?? {}).map(([key, of]) => [key, filled(of, char, left)]),
      );
    default:
      return { numbers: [1e21, -1e-7, 1.5e-10, 12, -0.5], text: char.repeat(take(left.budget)) };
  }
}

function holdsText({ t, of }: Shape): boolean {
  return t === 'array' ? holdsText(of as Shape) : t !== 'integer' && t !== 'number';
}

/**
 * The longest document that zod's measure lets pass, and the next longer one. Not over 8 MB: such documents
 * cost ten seconds each, and the same expressions judge the shorter ones.
 */
function sized(shape: Shape, maxBytes: number): Json[] {
  if (maxBytes > largest) return [];
  const chars = holdsText(shape) && maxBytes < large ? ['a', '"', '\u0001', '😀', 'é'] : ['a'];
  return chars.flatMap((char) => {
    const of = (budget: number) => filled(shape, char, { budget });
    const fits = (budget: number) => jsonbTextLength(of(budget)) <= maxBytes;
    const perUnit = (jsonbTextLength(of(200)) - jsonbTextLength(of(100))) / 100;
    let [least, most] = [0, maxBytes + 1];
    // Where length grows evenly the limit is near the guess; elsewhere halving finds it.
    const guess = Math.floor((maxBytes - jsonbTextLength(of(0))) / Math.max(perUnit, 1));
    if (fits(guess - 50)) least = guess - 50;
    if (!fits(guess + 50)) most = guess + 50;
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2);
      if (fits(middle)) least = middle;
      else most = middle;
    }
    return [of(least), of(most)];
  });
}

/** Lists and records with as many items as may be, and one more. */
function longLists(shape: Shape): Json[] {
  const { t, max = 0 } = shape;
  if ((t !== 'array' && t !== 'record') || max > longest) return [];
  return [max, max + 1].map((length) => {
    const items = Array.from({ length }, () => filled(shape.of as Shape, 'a', { budget: 1 }));
    return t === 'array' ? items : Object.fromEntries(items.map((item, index) => [`k${index}`, item]));
  });
}

/** Arrays and objects inside each other, up to the deepest that may be and one deeper. */
function nested({ t }: Shape): Json[] {
  if (t !== 'any' && t !== 'anyObject') return [];
  const wrap = (levels: number, asArray: boolean): Json => {
    let value: Json = asArray ? [] : {};
    for (let level = 2; level < levels; level += 1) value = asArray ? [value] : { a: value };
    return { a: value };
  };
  return [31, 32, 33, 34].flatMap((levels) => [wrap(levels, true), wrap(levels, false)]);
}
