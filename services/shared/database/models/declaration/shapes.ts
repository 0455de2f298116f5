/**
 * Shapes of jsonb columns: declared once, checked by zod and by `hub.matches_shape` in the database,
 * so that raw SQL can't store what the code couldn't read back.
 */
import { z } from 'zod';
import { jsonbTextLength } from './jsonb-text.ts';
import { charLength, isStorable, literal } from './rules.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What the database's function reads. `t` is the kind; the other keys depend on it. */
type Descriptor =
  | { t: 'string'; max: number }
  | { t: 'number' | 'integer'; min: number; max: number }
  | { t: 'anyObject' }
  | { t: 'oneOf'; of: readonly string[] }
  | { t: 'array'; of: Descriptor; max: number }
  | { t: 'record'; of: Descriptor; max: number }
  | { t: 'object'; p: Record<string, Descriptor>; r: readonly string[] };

export type Shape<T> = { readonly zod: z.ZodType<T>; readonly descriptor: Descriptor };

/** Values nested deeper are refused in both places: PostgreSQL's parser is bounded by its stack. */
const maxJsonDepth = 32;

const storable = z.string().refine(isStorable, 'expected text without NUL and without half a surrogate pair');

export function string({ max }: { readonly max: number }): Shape<string> {
  return {
    zod: storable
      .refine((text) => charLength(text) <= max, `expected at most ${max} characters`)
      .meta({ maxLength: max }),
    descriptor: { t: 'string', max },
  };
}

export function number({ min, max }: { readonly min: number; readonly max: number }): Shape<number> {
  return { zod: z.number().min(min).max(max), descriptor: { t: 'number', min, max } };
}

export function integer({ min, max }: { readonly min: number; readonly max: number }): Shape<number> {
  return { zod: z.int().min(min).max(max), descriptor: { t: 'integer', min, max } };
}

export function oneOf<const V extends readonly [string, ...string[]]>(values: V): Shape<V[number]> {
  return { zod: z.enum(values) as z.ZodType<V[number]>, descriptor: { t: 'oneOf', of: values } };
}

export function array<T>(of: Shape<T>, { max }: { readonly max: number }): Shape<T[]> {
  return { zod: z.array(of.zod).max(max), descriptor: { t: 'array', of: of.descriptor, max } };
}

/**
 * zod makes a new object of what it is given: out of a Date an empty one, out of `__proto__` no key at all.
 * Both are refused before. A preprocessing and not a pipe, since only that one keeps the JSON Schema of inputs.
 */
function plainly<S extends z.ZodType>(schema: S) {
  return z.preprocess((value, context) => {
    if (isOddObject(value))
      context.addIssue({ code: 'custom', message: 'expected a plain object without the key "__proto__"' });
    return value;
  }, schema);
}

function isOddObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return (prototype !== Object.prototype && prototype !== null) || Object.hasOwn(value, '__proto__');
}

/** Keys chosen by the writer, all values alike. */
export function record<T>(of: Shape<T>, { max }: { readonly max: number }): Shape<Record<string, T>> {
  const schema = z
    .record(storable, of.zod)
    .refine((value) => Object.keys(value).length <= max, `expected at most ${max} keys`);
  return { zod: plainly(schema), descriptor: { t: 'record', of: of.descriptor, max } };
}

type Optional<T extends Record<string, Shape<unknown>>> = {
  [K in keyof T]?: T[K] extends Shape<infer V> ? V : never;
};
type Required<T extends Record<string, Shape<unknown>>> = {
  [K in keyof T]: T[K] extends Shape<infer V> ? V : never;
};

/** Exactly these keys: `required` must be there, `optional` may, others may not. */
export function object<
  R extends Record<string, Shape<unknown>> = Record<never, Shape<unknown>>,
  O extends Record<string, Shape<unknown>> = Record<never, Shape<unknown>>,
>(keys: { readonly required?: R; readonly optional?: O }): Shape<Required<R> & Optional<O>> {
  const required = Object.entries(keys.required ?? {});
  const optional = Object.entries(keys.optional ?? {});
  const schema = z.strictObject({
    ...Object.fromEntries(required.map(([key, shape]) => [key, shape.zod])),
    // exactOptional: a key given as undefined would be stored as absent, which is what it means.
    ...Object.fromEntries(optional.map(([key, shape]) => [key, shape.zod.optional()])),
  });
  return {
    zod: plainly(schema) as unknown as z.ZodType<Required<R> & Optional<O>>,
    descriptor: {
      t: 'object',
      p: Object.fromEntries([...required, ...optional].map(([key, shape]) => [key, shape.descriptor])),
      r: required.map(([key]) => key),
    },
  };
}

function isJson(value: unknown, depthLeft: number): value is JsonValue {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || depthLeft === 0) return false;
  // Array.from shows the holes of a list, which every() would skip.
  if (Array.isArray(value)) return Array.from(value).every((item) => isJson(item, depthLeft - 1));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isJson(item, depthLeft - 1));
}

/** Any JSON object: for documents whose shape belongs to someone else (a program's inputs, a JSON Schema). */
export const anyObject: Shape<JsonObject> = {
  zod: z.custom<JsonObject>(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value, maxJsonDepth),
    `expected a JSON object at most ${maxJsonDepth} levels deep`,
  ),
  descriptor: { t: 'anyObject' },
};

export function shapeZod<T>(shape: Shape<T>, maxBytes: number): z.ZodType<T> {
  return shape.zod.refine(
    (value) => jsonbTextLength(value) <= maxBytes,
    `expected at most ${maxBytes} bytes as JSON`,
  ) as z.ZodType<T>;
}

export function shapeCheck(shape: Shape<unknown>, column: string, maxBytes: number): string {
  const descriptor = literal(JSON.stringify(shape.descriptor));
  return `octet_length(${column}::text) <= ${maxBytes} and hub.matches_shape(${column}, ${descriptor}::jsonb)`;
}
