/** Tables as `create` works with them: another view of what `catalog/` reads. */
import { type CatalogObject, type Inventory, readObjects } from '../catalog/inventory.ts';

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** `(expression) stored`, or `virtual`. */
  readonly generated: string | null;
  readonly identity: string | null;
  readonly collation: string | null;
  readonly comment: string | null;
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

type Trigger = { readonly name: string; readonly definition: string; readonly enabled: string };

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
  /** As `with (...)` wants them. */
  readonly options: string | null;
  readonly partitionKey: string | null;
  readonly partitions: readonly Partition[];
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  /** Those that no constraint made. */
  readonly indexes: ReadonlyMap<string, Index>;
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly policies: ReadonlyMap<string, Policy>;
};

export type Catalog = {
  readonly schemas: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, Table>;
  /** All of it, also what is no table. */
  readonly inventory: Inventory;
};

/** A session of whoever may read the catalog. */
export type CatalogSession = { query(text: string): Promise<{ rows: Record<string, unknown>[] }> };

export async function readCatalog(session: CatalogSession): Promise<Catalog> {
  return catalogOf(await readObjects(session));
}

/** Without the schema `hub`, of which models say nothing. */
export function catalogOf(inventory: Inventory): Catalog {
  const objects = [...inventory.values()];
  const named = (kind: string) => objects.filter((object) => object.kind === kind);
  const tables = named('table').map((object): [string, Table] => {
    const key = `${object.details.schema}.${object.details.name}`;
    const parts = <T extends { readonly name: string }>(kind: string, partOf: (part: CatalogObject) => T) =>
      new Map(
        named(kind)
          .filter(({ details }) => details.table === key)
          .map((part) => [String(part.details.name), partOf(part)]),
      );
    const indexes = named('index').filter(({ parent }) => parent?.startsWith('table '));
    return [
      key,
      {
        ...tableOf(key, object),
        columns: parts('column', columnOf),
        constraints: parts('constraint', constraintOf),
        indexes: new Map(
          indexes
            .filter(({ details }) => details.table === key)
            .map((index) => [String(index.details.name), indexOf(index)]),
        ),
        triggers: parts('trigger', triggerOf),
        policies: parts('policy', policyOf),
      },
    ];
  });
  const schemas = named('schema').map(({ details }) => String(details.name));
  return {
    schemas: new Set(schemas.filter((name) => name !== 'hub')),
    tables: new Map(tables.filter(([, { schema }]) => schema !== 'hub')),
    inventory,
  };
}

type TableParts = 'columns' | 'constraints' | 'indexes' | 'triggers' | 'policies';

function tableOf(key: string, { facts, details }: CatalogObject): Omit<Table, TableParts> {
  return {
    key,
    schema: String(details.schema),
    name: String(details.name),
    comment: facts.comment ?? null,
    rowSecurity: facts['row security'] !== 'off',
    forceRowSecurity: facts['row security'] === 'forced',
    options: facts['storage parameters'] ?? null,
    partitionKey: facts['partition key'] ?? null,
    partitions: details.partitions as Partition[],
  };
}

function columnOf({ facts, details }: CatalogObject): Column {
  return {
    name: String(details.name),
    type: String(facts.type),
    notNull: facts['not null'] === 'yes',
    default: facts.default ?? null,
    generated: facts.generated ?? null,
    identity: facts.identity ?? null,
    collation: facts.collation ?? null,
    comment: facts.comment ?? null,
  };
}

function constraintOf({ facts, details }: CatalogObject): Constraint {
  return { ...(details as Omit<Constraint, 'definition'>), definition: String(facts.definition) };
}

/** One on a partitioned table is printed with ONLY, and made with it would stay without its parts. */
function indexOf({ facts, details }: CatalogObject): Index {
  return {
    name: String(details.name),
    unique: details.unique === true,
    definition: String(facts.definition).replace(' ON ONLY ', ' ON '),
    valid: facts.valid === 'yes',
  };
}

function triggerOf({ facts, details }: CatalogObject): Trigger {
  return {
    name: String(details.name),
    definition: String(facts.definition),
    enabled: String(facts.enabled),
  };
}

function policyOf({ facts, details }: CatalogObject): Policy {
  const { kind, command, roles, using, check } = facts;
  const clauses = [using && `using (${using})`, check && `with check (${check})`].filter(Boolean);
  const definition = [`as ${kind} for ${command} to ${roles}`, ...clauses].join(' ');
  return { name: String(details.name), definition };
}
