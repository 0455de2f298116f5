/**
 * zod schemas for create, update and read, derived from a model: nothing is declared a second time.
 * Relations appear under their own names and hold the other row's id, as `em.create` takes them.
 */
import type { EntitySchema } from '@mikro-orm/core';
import { z } from 'zod';
import type { Immutable } from './rules.ts';
import { isImmutable, ruleOf } from './rules.ts';

type Built<P> = P extends (...args: never[]) => infer B ? B : P;
type Options<B> = B extends { '~options': infer O } ? O : never;
type Has<B, K extends string> =
  Options<Built<B>> extends { [key in K]: infer V } ? (V extends false ? false : true) : false;
type IsMany<B> = Options<Built<B>> extends { kind: '1:m' | 'm:n' } ? true : false;
type IsInverse<B> =
  Options<Built<B>> extends { kind: '1:1'; owner: true }
    ? false
    : Options<Built<B>> extends { kind: '1:1' }
      ? true
      : false;
type IsReference<B> = Options<Built<B>> extends { kind: 'm:1' | '1:1' } ? true : false;
type Value<B> =
  IsReference<B> extends true ? string : Built<B> extends { '~type'?: { value: infer V } } ? V : never;

/** Properties that are columns: everything but the far sides of relations. */
type Columns<P> = {
  [K in keyof P as IsMany<P[K]> extends true ? never : IsInverse<P[K]> extends true ? never : K]: P[K];
};
type Kept = 'createdAt' | 'updatedAt';
type Field<B> = Has<B, 'nullable'> extends true ? Value<B> | null : Value<B>;
type OptionalKeys<C> = {
  [K in keyof C]: Has<C[K], 'nullable'> extends true
    ? K
    : Has<C[K], 'default'> extends true
      ? K
      : Has<C[K], 'defaultRaw'> extends true
        ? K
        : Has<C[K], 'onCreate'> extends true
          ? K
          : never;
}[keyof C];
type ImmutableKeys<C> = { [K in keyof C]: Built<C[K]> extends Required<Immutable> ? K : never }[keyof C];
type HiddenKeys<C> = { [K in keyof C]: Has<C[K], 'hidden'> extends true ? K : never }[keyof C];

export type CreateOf<P, C = Columns<P>> = { [K in Exclude<keyof C, OptionalKeys<C> | Kept>]: Field<C[K]> } & {
  [K in Exclude<OptionalKeys<C> & keyof C, Kept>]?: Field<C[K]>;
};
export type UpdateOf<P, C = Columns<P>> = {
  [K in Exclude<keyof C, ImmutableKeys<C> | Kept | 'id'>]?: Field<C[K]>;
};
export type ReadOf<P, C = Columns<P>> = { [K in Exclude<keyof C, HiddenKeys<C>>]: Field<C[K]> };

export type ModelSchemas<P> = {
  readonly create: z.ZodType<CreateOf<P>>;
  readonly update: z.ZodType<UpdateOf<P>>;
  readonly read: z.ZodType<ReadOf<P>>;
};

/** What MikroORM knows of a property before its discovery. */
export type Declared = {
  readonly kind?: string;
  readonly owner?: boolean;
  readonly mappedBy?: unknown;
  readonly nullable?: boolean;
  readonly hidden?: boolean;
  readonly primary?: boolean;
  readonly default?: unknown;
  readonly defaultRaw?: string;
  readonly onCreate?: unknown;
};

const keptByDatabase = new Set(['createdAt', 'updatedAt']);

/** The properties of a model that are columns of its table, by name. */
export function columnsOf(model: EntitySchema): [string, Declared][] {
  const properties = Object.entries(model.meta.properties) as unknown as [string, Declared][];
  return properties.filter(([, declared]) => declared.mappedBy === undefined);
}

function fieldZod(name: string, declared: Declared): z.ZodType {
  const rule = ruleOf(declared);
  if (rule) return rule.zod;
  if (declared.kind === 'm:1' || declared.kind === '1:1') return z.guid().toLowerCase();
  if (keptByDatabase.has(name)) return z.date();
  throw new TypeError(
    `The property ${name} has no rule: declare it with a function of declaration/fields.ts.`,
  );
}

function isOptional(declared: Declared): boolean {
  const { nullable, onCreate } = declared;
  return (
    nullable === true ||
    onCreate !== undefined ||
    declared.default !== undefined ||
    declared.defaultRaw !== undefined
  );
}

/** The three schemas of a model; unknown keys are refused, so that a typing mistake is not lost in silence. */
export function schemasOf<P extends Record<string, unknown>>(
  model: EntitySchema & { readonly properties: P },
): ModelSchemas<P> {
  const create: Record<string, z.ZodType> = {};
  const update: Record<string, z.ZodType> = {};
  const read: Record<string, z.ZodType> = {};
  for (const [name, declared] of columnsOf(model)) {
    const value = fieldZod(name, declared);
    const field = declared.nullable ? value.nullable() : value;
    if (!declared.hidden) read[name] = field;
    if (keptByDatabase.has(name)) continue;
    create[name] = isOptional(declared) ? field.optional() : field;
    if (!isImmutable(declared) && !declared.primary) update[name] = field.optional();
  }
  return {
    create: z.strictObject(create),
    update: z.strictObject(update),
    read: z.strictObject(read),
  } as unknown as ModelSchemas<P>;
}
