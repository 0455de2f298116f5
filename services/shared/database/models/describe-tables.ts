// What the models become in PostgreSQL, as plain data: read from MikroORM's own schema builder, without a connection, so
// that names, types and constraints are those that migrations create.
import { DatabaseSchema, type EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { HubNamingStrategy } from './declaration/naming.ts';
import { privileges, type Verb } from './privileges.ts';

type Table = ReturnType<DatabaseSchema['getTables']>[number];

export interface ColumnDescription {
  name: string;
  type: string;
  nullable: boolean;
  primary: boolean;
  /** As SQL. */
  default?: string;
  comment: string;
}

interface IndexDescription {
  name: string;
  kind: 'primary key' | 'unique' | 'index';
  /** What is indexed, as SQL: `("user_id", "id")`, `(lower("email"))`, `("id" desc) where status = 'active'`. */
  on: string;
  /** Empty where expressions are indexed. */
  columns: string[];
}

export interface ForeignKeyDescription {
  name: string;
  columns: string[];
  /** `schema.table`. */
  references: string;
  deleteRule: string;
}

export interface PolicyDescription {
  name: string;
  command: 'select' | 'insert' | 'update' | 'delete' | 'all';
  restrictive: boolean;
  roles: string[];
  using?: string;
  check?: string;
}

export interface RightsDescription {
  role: string;
  /** The columns that each verb is granted on, or all of them. */
  verbs: Partial<Record<Verb, true | readonly string[]>>;
}

export interface TableDescription {
  schema: string;
  name: string;
  comment: string;
  columns: ColumnDescription[];
  checks: { name: string; expression: string }[];
  indexes: IndexDescription[];
  foreignKeys: ForeignKeyDescription[];
  rights: RightsDescription[];
  rowSecurity: 'off' | 'on' | 'forced';
  policies: PolicyDescription[];
  triggers: { name: string; definition: string }[];
  /** As SQL: `range ("id")`. */
  partitionedBy?: string;
}

function columnsOf(table: Table): ColumnDescription[] {
  return table.getColumns().map((column) => ({
    name: column.name,
    type: column.type,
    nullable: column.nullable === true,
    primary: column.primary === true,
    default: column.default ?? undefined,
    comment: column.comment ?? '',
  }));
}

function indexesOf(table: Table): IndexDescription[] {
  const all = table.getIndexes().map(
    (index): IndexDescription => ({
      name: index.keyName,
      kind: index.primary ? 'primary key' : index.unique ? 'unique' : 'index',
      on:
        index.expression?.replace(/^create (unique )?index .*? on \S+ /i, '') ??
        `(${index.columnNames.map((name) => `"${name}"`).join(', ')})${index.where ? ` where ${index.where}` : ''}`,
      columns: index.columnNames,
    }),
  );
  return all.toSorted((a, b) => Number(b.kind === 'primary key') - Number(a.kind === 'primary key'));
}

function foreignKeysOf(table: Table): ForeignKeyDescription[] {
  return Object.values(table.getForeignKeys()).map((key) => ({
    name: key.constraintName,
    columns: key.columnNames,
    references: key.referencedTableName,
    deleteRule: key.deleteRule ?? 'no action',
  }));
}

function policiesOf(table: Table): PolicyDescription[] {
  return table.getPolicies().map(({ type, name, command, roles, using, check }) => ({
    name,
    command,
    restrictive: type === 'restrictive',
    roles,
    using,
    check,
  }));
}

function triggersOf(table: Table): TableDescription['triggers'] {
  return table.getTriggers().map(({ name, timing, events, forEach, expression }) => ({
    name,
    definition:
      expression?.replace(/^create trigger \S+ /, '').replace(/ on \S+ for each/, ' for each') ??
      `${timing} ${events.join(' or ')} for each ${forEach}`,
  }));
}

function rightsOn(table: string): RightsDescription[] {
  return Object.entries(privileges).flatMap(([role, perTable]) => {
    const verbs = Object.entries(perTable).find(([name]) => name === table)?.[1];
    return verbs === undefined ? [] : [{ role, verbs }];
  });
}

function describe(table: Table): TableDescription {
  return {
    schema: table.schema ?? 'public',
    name: table.name,
    comment: table.comment ?? '',
    columns: columnsOf(table),
    checks: table.getChecks().map(({ name, expression }) => ({ name, expression: String(expression) })),
    indexes: indexesOf(table),
    foreignKeys: foreignKeysOf(table),
    rights: rightsOn(`${table.schema}.${table.name}`),
    rowSecurity: table.rlsForced ? 'forced' : table.rlsEnabled ? 'on' : 'off',
    policies: policiesOf(table),
    triggers: triggersOf(table),
    partitionedBy: table.getPartitioning()?.definition,
  };
}

/** The tables of the given models, in the order of the models. */
export function describeTables(entities: readonly EntitySchema[]): TableDescription[] {
  const orm = new MikroORM({
    entities: [...entities],
    dbName: 'no connection is made',
    // Not ormOptions: they import the front door of the models, which exports this function.
    namingStrategy: HubNamingStrategy,
  });
  const order = entities.map((entity) => `${entity.meta.schema}.${entity.meta.tableName}`);
  const metadata = [...orm.getMetadata().getAll().values()];
  return DatabaseSchema.fromMetadata(metadata, orm.driver.getPlatform(), orm.config)
    .getTables()
    .map(describe)
    .toSorted((a, b) => order.indexOf(`${a.schema}.${a.name}`) - order.indexOf(`${b.schema}.${b.name}`));
}
