/** Changes of a large table: the models that ask for each, and the statement that somebody in a hurry would send. */
import { defineEntity, type EntitySchema, p } from '@mikro-orm/core';

export const table = 'development.readings';

/** What the models say so far; each change adds one thing. */
export interface Asked {
  readonly index?: boolean;
  readonly check?: boolean;
  readonly foreignKey?: boolean;
  readonly column?: 'nullable' | 'not null';
}

export function readingModels({ index, check, foreignKey, column }: Asked): EntitySchema[] {
  const source = defineEntity({
    name: 'Source',
    schema: 'development',
    tableName: 'sources',
    properties: { id: p.integer().primary().autoincrement(false) },
  });
  const toSource = { source: () => p.manyToOne(source).deleteRule('restrict') };
  const origin = p.integer();
  const reading = defineEntity({
    name: 'Reading',
    schema: 'development',
    tableName: 'readings',
    properties: {
      id: p.integer().primary().autoincrement(false),
      kind: p.integer(),
      value: p.integer(),
      ...(foreignKey ? toSource : { sourceId: p.integer() }),
      ...(column && { origin: column === 'nullable' ? origin.nullable() : origin }),
    },
    indexes: index ? [{ name: 'readings_kind_idx', properties: ['kind'] }] : [],
    checks: check ? [{ name: 'readings_value_check', expression: 'value >= 0' }] : [],
  } as never);
  return [source, reading] as unknown as EntitySchema[];
}

export interface TableChange {
  readonly title: string;
  /** Transactions of one message each. */
  readonly naive: string;
  readonly undoNaive: string;
  /** What the models say after each migration that is created for it. */
  readonly steps: readonly Asked[];
  /** In batches, after the first step. */
  readonly backfill?: { readonly where: string; readonly set: string };
}

export const tableChanges: readonly TableChange[] = [
  {
    title: 'an index',
    naive: `create index naive on ${table} (kind)`,
    undoNaive: 'drop index development.naive',
    steps: [{ index: true }],
  },
  {
    title: 'a check',
    naive: `alter table ${table} add constraint naive check (value >= 0)`,
    undoNaive: `alter table ${table} drop constraint naive`,
    steps: [{ index: true, check: true }],
  },
  {
    title: 'a foreign key',
    naive: `alter table ${table} add constraint naive foreign key (source_id) references development.sources (id)`,
    undoNaive: `alter table ${table} drop constraint naive`,
    steps: [{ index: true, check: true, foreignKey: true }],
  },
  {
    title: 'a column that is not null',
    naive: `begin; alter table ${table} add column naive integer; update ${table} set naive = kind;
      alter table ${table} alter column naive set not null; commit`,
    undoNaive: `alter table ${table} drop column naive`,
    steps: [
      { index: true, check: true, foreignKey: true, column: 'nullable' },
      { index: true, check: true, foreignKey: true, column: 'not null' },
    ],
    backfill: { where: 'origin is null', set: 'origin = kind' },
  },
];
