/**
 * The vocabulary that models are written in: each function gives a MikroORM property with its rule.
 * Lengths count characters (code points), sizes count bytes, times are instants.
 */
import { p } from '@mikro-orm/core';
import { z } from 'zod';
import { charLength, isStorable, literal, withRule } from './rules.ts';
import { type Shape, shapeCheck, shapeZod } from './shapes.ts';

export type TextRule = {
  readonly min?: number;
  readonly max: number;
  /** In the common subset of JavaScript's and PostgreSQL's syntax, anchored at both ends. */
  readonly pattern?: RegExp;
};

function textZod({ min = 0, max, pattern }: TextRule): z.ZodString {
  const range = min > 0 ? `${min} to ${max} characters` : `at most ${max} characters`;
  return z
    .string()
    .refine((text) => isStorable(text), 'expected text without NUL and without half a surrogate pair')
    .refine((text) => charLength(text) >= min && charLength(text) <= max, `expected ${range}`)
    .refine((text) => pattern === undefined || pattern.test(text), `expected the form ${pattern?.source}`)
    .meta({
      ...(min > 0 && { minLength: min }),
      maxLength: max,
      ...(pattern && { pattern: pattern.source }),
    });
}

/** Text of bounded length; `text + CHECK`, as changing a varchar's length is a type change. */
export function text(rule: TextRule) {
  const { min = 0, max, pattern } = rule;
  const check = (column: string) => {
    const length =
      min > 0 ? `char_length(${column}) between ${min} and ${max}` : `char_length(${column}) <= ${max}`;
    return pattern ? `${length} and ${column} ~ ${literal(pattern.source)}` : length;
  };
  return withRule(p.text(), { zod: textZod(rule), check });
}

/** One of a closed set; text + CHECK, since a native enum's values can't be taken back by a down migration. */
export function oneOf<const V extends readonly [string, ...string[]]>(values: V) {
  const list = values.map(literal).join(', ');
  return withRule(p.text().$type<V[number]>(), {
    zod: z.enum(values),
    check: (column) => `${column} in (${list})`,
  });
}

/** A set of values out of a closed set, in any order, without repetition. */
export function setOf<const V extends readonly [string, ...string[]]>(values: V) {
  const list = values.map(literal).join(', ');
  return withRule(p.array().$type<V[number][]>().columnType('text[]'), {
    zod: z
      .array(z.enum(values))
      .refine((items) => new Set(items).size === items.length, 'expected no value twice'),
    check: (column) => `${column} <@ array[${list}]::text[] and hub.is_set(${column})`,
  });
}

export type NumberRange = { readonly min: number; readonly max: number };

const smallintMax = 32_767;
const integerMax = 2_147_483_647;

function wholeNumber({ min, max }: NumberRange) {
  return {
    zod: z
      .number()
      .refine(
        (n) => Number.isInteger(n) && n >= min && n <= max,
        `expected a whole number from ${min} to ${max}`,
      )
      .meta({ type: 'integer', minimum: min, maximum: max }),
    check: (column: string) => `${column} between ${min} and ${max}`,
  };
}

/** A whole number in an `integer` column. */
export function integer(range: Partial<NumberRange> = {}) {
  return withRule(p.integer(), wholeNumber({ min: 0, max: integerMax, ...range }));
}

/** A whole number in a `smallint` column. */
export function smallint(range: Partial<NumberRange> = {}) {
  return withRule(p.smallint(), wholeNumber({ min: 0, max: smallintMax, ...range }));
}

/** A count that may pass two thousand million: `bigint` in the database, exact as a JavaScript number. */
export function count() {
  return withRule(p.bigint('number'), wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }));
}

/** A finite floating-point number, both ends included. Never for money. */
export function real({ min, max }: NumberRange) {
  return withRule(p.double().$type<number>(), {
    zod: z.number().min(min).max(max),
    check: (column) => `${column} between ${min} and ${max}`,
  });
}

/** An amount of money in minor units (cents), never negative. The currency stands beside it. */
export function amountMinor() {
  const max = 9_223_372_036_854_775_807n;
  return withRule(p.bigint('bigint'), {
    zod: z.bigint().refine((n) => n >= 0n && n <= max, `expected minor units from 0 to ${max}`),
    check: (column) => `${column} >= 0`,
  });
}

/** An ISO 4217 code: three capitals. */
export function currency() {
  return text({ min: 3, max: 3, pattern: /^[A-Z]{3}$/ });
}

export function flag() {
  return withRule(p.boolean(), { zod: z.boolean() });
}

const earliest = new Date('1970-01-01T00:00:00Z');
const latest = new Date('9999-12-31T23:59:59.999Z');

/** An instant between 1970 and 9999: JavaScript, PostgreSQL and ISO 8601 agree there, and `infinity` is out. */
export function instant() {
  return withRule(p.datetime().columnType('timestamptz'), {
    zod: z.date().min(earliest).max(latest),
    check: (column) => `${column} between '${earliest.toISOString()}' and '${latest.toISOString()}'`,
  });
}

/** A JSON value of a declared shape in a `jsonb` column, its text at most `maxBytes` long. */
export function json<T>(shape: Shape<T>, { maxBytes }: { readonly maxBytes: number }) {
  return withRule(p.json<T>().columnType('jsonb'), {
    zod: shapeZod(shape, maxBytes),
    check: (column) => shapeCheck(shape, column, maxBytes),
  });
}

/** Raw bytes, from `min` to `max` of them. */
export function bytes({ min = 0, max }: { readonly min?: number; readonly max: number }) {
  return withRule(p.blob().$type<Uint8Array>(), {
    zod: z
      .instanceof(Uint8Array)
      .refine((b) => b.length >= min && b.length <= max, `expected ${min} to ${max} bytes`),
    check: (column) => `octet_length(${column}) between ${min} and ${max}`,
  });
}

/** A SHA-256 digest: all that is ever stored of a secret. */
export function sha256() {
  return bytes({ min: 32, max: 32 });
}

/** An IPv4 or IPv6 address in an `inet` column, without a network mask. */
export function ipAddress() {
  return withRule(p.text().columnType('inet'), {
    zod: z.union([z.ipv4(), z.ipv6()]),
    check: (column) => `masklen(${column}) = case family(${column}) when 4 then 32 else 128 end`,
  });
}

/** A reference to a row that can't have a foreign key (a partitioned table's row). */
export function uuid() {
  return withRule(p.uuid(), { zod: z.guid().toLowerCase() });
}
