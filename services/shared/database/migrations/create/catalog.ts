/** What a database holds, as far as models say it: read from PostgreSQL's own catalog, in its own words. */
import { catalogSql } from './catalog-sql.ts';

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** The expression of a stored generated column. */
  readonly generated: string | null;
  readonly identity: string | null;
  readonly collation: string | null;
  readonly comment: string | null;
  readonly grants: readonly string[];
};

export type Constraint = {
  readonly name: string;
  /** PostgreSQL's letters: primary key, unique, exclusion, foreign key, check. */
  readonly kind: 'p' | 'u' | 'x' | 'f' | 'c';
  readonly definition: string;
  readonly columns: readonly string[];
  /** `schema.table` that a foreign key leads to, and the columns there. */
  readonly references: string | null;
  readonly referenced: readonly string[];
};

export type Index = {
  readonly name: string;
  readonly definition: string;
  readonly unique: boolean;
  readonly valid: boolean;
};

type Trigger = {
  readonly name: string;
  readonly definition: string;
  readonly enabled: string;
  readonly onTruncate: boolean;
};

type Policy = { readonly name: string; readonly definition: string };

type Partition = { readonly schema: string; readonly name: string; readonly bounds: string };

export type Table = {
  /** `schema.name`, not quoted. */
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly options: readonly string[] | null;
  readonly partitionKey: string | null;
  readonly partitions: readonly Partition[];
  readonly grants: readonly string[];
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  readonly indexes: ReadonlyMap<string, Index>;
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly policies: ReadonlyMap<string, Policy>;
};

export type Catalog = {
  readonly schemas: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, Table>;
};

/** A session of whoever may read the catalog. */
export type CatalogSession = { query(text: string): Promise<unknown> };

type Rows<T> = { readonly rows: readonly (T & { readonly table: string })[] };

/** Reads all schemas but `hub` and the server's own. */
export async function readCatalog(session: CatalogSession): Promise<Catalog> {
  const [, schemas, tables, columns, constraints, indexes, triggers, policies] = (await session.query(
    catalogSql,
  )) as [
    unknown,
    Rows<{ name: string }>,
    Rows<Omit<Table, 'key'>>,
    Rows<Column>,
    Rows<Constraint>,
    Rows<Index>,
    Rows<Trigger>,
    Rows<Policy>,
  ];
  const found = tables.rows.map(({ table: key, ...rest }): [string, Table] => [
    key,
    {
      ...rest,
      key,
      columns: partsOf(columns, key),
      constraints: partsOf(constraints, key),
      indexes: partsOf(indexes, key),
      triggers: partsOf(triggers, key),
      policies: partsOf(policies, key),
    },
  ]);
  return { schemas: new Set(schemas.rows.map(({ name }) => name)), tables: new Map(found) };
}

function partsOf<T extends { readonly name: string }>({ rows }: Rows<T>, key: string): Map<string, T> {
  return new Map(
    rows
      .filter(({ table }) => table === key)
      .map(({ table: _, ...part }) => [part.name, part as unknown as T]),
  );
}

/**
 * Every fact as a line, to compare two databases. `byModels` leaves out what models don't say: rights, storage parameters,
 * triggers on truncate, partitions. The order of columns doesn't count: one that comes back stands last.
 */
export function catalogLines(catalog: Catalog, { byModels }: { readonly byModels: boolean }): string[] {
  const lines = [...catalog.schemas].map((schema) => `schema ${schema}`);
  for (const table of catalog.tables.values()) {
    const { columns, constraints, indexes, triggers, policies, options, partitions, grants, ...facts } =
      table;
    lines.push(`table ${JSON.stringify(byModels ? facts : { ...facts, options, partitions, grants })}`);
    const parts = {
      column: columns,
      constraint: constraints,
      index: indexes,
      trigger: triggers,
      policy: policies,
    };
    for (const [kind, found] of Object.entries(parts)) {
      for (const part of found.values()) {
        if (byModels && 'onTruncate' in part && part.onTruncate) continue;
        const shown = byModels ? { ...part, grants: undefined } : part;
        lines.push(`${kind} of ${table.key} ${JSON.stringify(shown)}`);
      }
    }
  }
  return lines.toSorted();
}
