/** Asks the database what a column accepts: candidates go into a temporary table with the column's type and CHECK. */
import { isDeepStrictEqual } from 'node:util';
import type { EntitySchema } from '@mikro-orm/core';
import type fc from 'fast-check';
import type { Client } from 'pg';
import type { Rule } from '../../models/declaration/rules.ts';
import { isStorable, ruleOf } from '../../models/declaration/rules.ts';
import { columnsOf } from '../../models/declaration/schemas.ts';

/** A column with a rule, as declared and as it lives in the database. */
export type ProbedColumn = {
  readonly property: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly rule: Rule;
  /** The live constraint, `CHECK (...)`, or null where the type says it all. */
  readonly check: string | null;
};

/** What is tried: a value of the column's TypeScript type, or a text that stands for no such value. */
export type Candidate = { readonly value: unknown; readonly text?: string };

/** Candidates that are the same in every run, and an arbitrary that gives others. */
export type Candidates = { readonly fixed: readonly Candidate[]; readonly random: fc.Arbitrary<Candidate> };

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The columns of a model that have a rule, with what the database says of each. */
export async function probedColumns(admin: Client, model: EntitySchema): Promise<ProbedColumn[]> {
  const table = `${model.meta.schema}.${model.meta.tableName}`;
  const { rows } = await admin.query(
    `select attname as name, format_type(atttypid, atttypmod) as type,
            (select pg_get_constraintdef(oid) from pg_constraint
              where conrelid = attrelid and contype = 'c' and conname = $2 || '_' || attname || '_check') as check
       from pg_attribute where attrelid = $1::regclass and attnum > 0`,
    [table, model.meta.tableName],
  );
  const live = new Map(rows.map((row) => [row.name, row]));
  return columnsOf(model).flatMap(([property, declared]) => {
    const rule = ruleOf(declared);
    const column = snake(property);
    const found = live.get(column);
    return rule && found ? [{ property, table, column, rule, type: found.type, check: found.check }] : [];
  });
}

/** For each candidate whether the database stores it and gives it back equal. A handful of round trips, however many candidates. */
export async function databaseAccepts(
  admin: Client,
  { column, type, check }: ProbedColumn,
  candidates: readonly Candidate[],
): Promise<boolean[]> {
  const texts = candidates.map(({ value, text }) => text ?? toText(value, type));
  await admin.query(
    `begin;
     create temporary table probe (n integer, "${column}" ${type} not null ${check ?? ''}) on commit drop;
     create function pg_temp.try_all(texts text[]) returns void language plpgsql as $$
     declare
       n integer;
       candidate text;
     begin
       for n, candidate in select ordinality, item from unnest(texts) with ordinality as listed(item, ordinality) loop
         begin
           insert into probe values (n, candidate::${type});
         exception when data_exception or integrity_constraint_violation or program_limit_exceeded then
           null;
         end;
       end loop;
     end $$`,
  );
  await admin.query('select pg_temp.try_all($1)', [texts]);
  const { rows } = await admin.query('select * from probe');
  await admin.query('drop function pg_temp.try_all(text[]); commit');
  const stored = new Map(rows.map((row) => [row.n, row[column]]));
  return candidates.map(({ value }, index) => {
    return stored.has(index + 1) && isEqual(value, stored.get(index + 1), type);
  });
}

/** How a value travels; undefined where it can't. */
function toText(value: unknown, type: string): string | null {
  if (type === 'jsonb') return JSON.stringify(value) ?? null;
  if (typeof value === 'string') return isStorable(value) ? value : null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : instantText(value);
  if (Array.isArray(value)) {
    return `{${value.map((item) => JSON.stringify(item)).join(',')}}`;
  }
  return String(value);
}

/** ISO 8601, with the years that ISO needs a sign for as PostgreSQL writes them. */
function instantText(date: Date): string {
  const [, year = '', rest = ''] = /^([+-]?\d+)(-.*)$/.exec(date.toISOString()) ?? [];
  return Number(year) > 0
    ? `${Number(year).toString().padStart(4, '0')}${rest}`
    : `${String(1 - Number(year)).padStart(4, '0')}${rest} BC`;
}

function isEqual(value: unknown, stored: unknown, type: string): boolean {
  if (value === undefined) return false;
  if (type === 'jsonb') return isSameJson(value, stored);
  if (typeof value === 'bigint') return BigInt(String(stored)) === value;
  if (typeof value === 'number') return Number(stored) === value;
  if (value instanceof Date) return stored instanceof Date && stored.getTime() === value.getTime();
  if (value instanceof Uint8Array) return Buffer.compare(value, stored as Buffer) === 0;
  if (type === 'inet') return canonical(String(value)) === canonical(String(stored));
  return isDeepStrictEqual(value, stored);
}

/** An address in one spelling; a mask stays, so that an address with one equals none without. */
function canonical(address: string): string {
  return address.includes(':') ? (URL.parse(`http://[${address}]`)?.host ?? address) : address;
}

/** Equal as JSON means it: a key set to undefined is no key, -0 is 0, and what JSON can't say equals nothing. */
function isSameJson(value: unknown, stored: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === stored;
  if (typeof stored !== 'object' || stored === null) return false;
  if (Array.isArray(value) || Array.isArray(stored)) {
    if (!Array.isArray(value) || !Array.isArray(stored) || value.length !== stored.length) return false;
    return stored.every((item, index) => Object.hasOwn(value, index) && isSameJson(value[index], item));
  }
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value))) return false;
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return (
    given.length === Object.keys(stored).length &&
    given.every(
      ([key, item]) =>
        Object.hasOwn(stored, key) && isSameJson(item, Object.getOwnPropertyDescriptor(stored, key)?.value),
    )
  );
}
