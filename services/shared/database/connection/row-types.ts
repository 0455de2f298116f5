import { createPostgreSqlTypeParsers } from '@mikro-orm/postgresql';
import { types } from 'pg';

type Parse = (text: string) => unknown;

/** What node-postgres asks: a parser for the type with this oid. */
export interface RowTypes {
  getTypeParser(oid: number, format?: string): Parse;
}

function withParsers(parsers: Readonly<Record<number, Parse>>): RowTypes {
  return {
    getTypeParser: (oid, format) =>
      parsers[oid] ?? (types.getTypeParser(oid, format as 'text') as unknown as Parse),
  };
}

const keepText: Parse = (text) => text;
/** text[]: its parser splits any array into the texts of its items. */
const textArrayOid = 1009 as Parameters<typeof types.getTypeParser>[0];
const textArray = types.getTypeParser(textArrayOid) as unknown as (text: string) => string[];
const bigintArray: Parse = (text) => textArray(text).map((item) => (item === null ? null : BigInt(item)));

/**
 * Rows of raw and Kysely statements: `bigint` as bigint (money must stay exact), `date` as text (it has no time zone, and
 * a Date would invent one), `timestamptz` as Date, `numeric` as text, json parsed.
 */
export const rowTypes = withParsers({
  20: BigInt,
  1016: bigintArray,
  1082: keepText,
  1182: textArray,
});

/** Rows for MikroORM, which turns the texts into the types of the entity itself. */
export const entityTypes = withParsers(createPostgreSqlTypeParsers(textArray));
