/** Everything that a schema consists of, as facts that can be compared: the same for two databases that were made alike. */
import type { AdminSession } from '../owner-transaction.ts';
import { grantQueries } from './grant-queries.ts';
import { objectQueries } from './object-queries.ts';
import { tableQueries } from './table-queries.ts';

export type CatalogObject = {
  /** Such as `table`, `column`, `policy`, `grant`, `partition`. */
  readonly kind: string;
  /** With its schema, such as `identity.users.email`. */
  readonly name: string;
  /** `kind name` of what it is part of and goes with. */
  readonly parent: string | null;
  readonly facts: Readonly<Record<string, string>>;
};

/** By `kind name`. */
export type Inventory = ReadonlyMap<string, CatalogObject>;

/**
 * Left out: what PostgreSQL and extensions bring along; rows; roles and rights on the database as a whole, which
 * provisioning checks; where columns stand in their table, which nothing but a rebuild could bring back; the schema
 * `archive`, where upkeep puts partitions that it detached.
 */
export async function readInventory(session: AdminSession): Promise<Inventory> {
  // An empty path, so that every printed name has its schema.
  await session.query(
    `begin transaction isolation level repeatable read read only; set local search_path = ''`,
  );
  try {
    return await inventoryWithin(session);
  } finally {
    await session.query('rollback').catch(() => {});
  }
}

/** The same in a transaction that is open already, with an empty search path. */
export async function inventoryWithin(session: AdminSession): Promise<Inventory> {
  const objects = new Map<string, CatalogObject>();
  for (const sql of [...objectQueries, ...tableQueries, ...grantQueries]) {
    const { rows } = await session.query(sql);
    for (const row of rows as CatalogObject[]) objects.set(`${row.kind} ${row.name}`, row);
  }
  return objects;
}
