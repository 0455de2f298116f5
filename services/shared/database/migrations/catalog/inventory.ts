/**
 * Everything that a schema consists of, as facts that can be compared: the same for two databases that were made alike.
 * The one reading of PostgreSQL's catalog, in the server's own words: create, check and verify all compare these.
 */
import type { AdminSession } from '../owner-transaction.ts';
import { grantQueries } from './grant-queries.ts';
import { objectQueries } from './object-queries.ts';
import { outerQueries, outerQueriesSince15 } from './outer-queries.ts';
import { partQueries } from './part-queries.ts';
import { tableQueries } from './table-queries.ts';

export type CatalogObject = {
  /** Such as `table`, `column`, `policy`, `grant`, `partition`. */
  readonly kind: string;
  /** With its schema, such as `identity.users.email`. */
  readonly name: string;
  /** `kind name` of what it is part of and goes with. */
  readonly parent: string | null;
  /** What is compared. */
  readonly facts: Readonly<Record<string, string>>;
  /** What else is needed to write it as SQL. */
  readonly details: Readonly<Record<string, unknown>>;
};

/** By `kind name`. */
export type Inventory = ReadonlyMap<string, CatalogObject>;

export function keyOf({ kind, name }: Pick<CatalogObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

// By name, so that what is generated from them doesn't depend on who made what first.
const byName = (queries: readonly string[]) => queries.map((query) => `${query} order by 2`);
const questions = [
  ...tableQueries,
  ...byName([...objectQueries, ...partQueries, ...outerQueries, ...grantQueries]),
];

/**
 * Of a session that may be in a transaction. Left out: what PostgreSQL and extensions bring along; rows; roles and
 * rights on the database as a whole, which provisioning checks; where columns stand in their table, which nothing but a
 * rebuild could bring back; the schema `archive`, where upkeep puts partitions that it detached.
 */
export async function readObjects(session: Pick<AdminSession, 'query'>): Promise<Inventory> {
  const objects = new Map<string, CatalogObject>();
  // An empty path, so that every printed name has its schema.
  await session.query(`set search_path = ''`);
  const { rows: versions } = await session.query(
    `select current_setting('server_version_num')::integer as version`,
  );
  const more = Number(versions[0]?.version) < 150_000 ? [] : byName(outerQueriesSince15);
  for (const question of [...questions, ...more]) {
    const { rows } = await session.query(question);
    for (const row of rows as CatalogObject[]) objects.set(keyOf(row), row);
  }
  await session.query('reset search_path');
  return objects;
}

/** The same in one snapshot; the session is in no transaction. */
export async function readInventory(session: AdminSession): Promise<Inventory> {
  await session.query('begin transaction isolation level repeatable read read only');
  try {
    return await readObjects(session);
  } finally {
    await session.query('rollback').catch(() => {});
  }
}
