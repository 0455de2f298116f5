/** Small models for the tests of `create`, made with the house's declaration functions; a test changes one thing in them. */
import { defineEntity, type EntitySchema, p } from '@mikro-orm/core';
import { base } from '../../models/declaration/base.ts';
import { addChecks } from '../../models/declaration/checks.ts';
import { integer, oneOf, smallint, text } from '../../models/declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../../models/declaration/row-security.ts';
import { setsTimes } from '../../models/declaration/triggers.ts';
import { rangeById } from '../../models/execution/partitioning.ts';
import { maintenanceRole, serviceRoles } from '../../provision/roles.ts';

// A test gives whatever MikroORM takes; its types are those of one entity each.
type Given = Record<string, unknown>;

/** What a test changes: properties beside or in place of the usual ones (undefined leaves one out), and anything else. */
export type Lab = {
  readonly owner?: Given;
  readonly ownerOptions?: Given;
  readonly item?: Given;
  readonly itemOptions?: Given;
  readonly tag?: Given;
  readonly tagOptions?: Given;
  readonly withoutTag?: true;
  readonly run?: Given;
  readonly runOptions?: Given;
  readonly more?: readonly EntitySchema[];
};

export function table(name: string, properties: Given, options: Given): EntitySchema {
  const { schema = 'lab', tableName } = options;
  const kept = Object.fromEntries(
    Object.entries(properties).filter(([, property]) => property !== undefined),
  );
  const triggers = [setsTimes(`${schema}.${tableName}`)];
  const entity = defineEntity({
    name,
    schema,
    properties: { ...base(), ...kept },
    triggers,
    ...options,
    // Checks are added to the list that is given.
    checks: [...((options.checks as readonly object[] | undefined) ?? [])],
  } as never) as EntitySchema;
  addChecks(entity);
  return entity;
}

export const itemIndexes = [
  {
    name: 'items_used_idx',
    expression: `create index "items_used_idx" on "lab"."items" ("amount") where status = 'used'`,
  },
  { name: 'items_lower_idx', expression: 'create index "items_lower_idx" on "lab"."items" (lower(title))' },
];
export const itemChecks = [{ name: 'items_used_check', expression: `status = 'new' or note is not null` }];
const itemPolicies = [
  policy('items_own', [serviceRoles.identity], 'all', `owner_id = ${actor}`),
  ...upkeep('items'),
];

/** Owners; their items, with one of everything; tags; runs, in partitions. */
export function lab({
  owner,
  ownerOptions,
  item,
  itemOptions,
  tag,
  tagOptions,
  withoutTag,
  run,
  runOptions,
  more,
}: Lab = {}): EntitySchema[] {
  const Owner = table(
    'Owner',
    { name: text({ min: 1, max: 50 }).comment('Its name.'), ...owner },
    { tableName: 'owners', ...ownerOptions },
  );
  const itemProperties = {
    owner: () =>
      p
        .manyToOne(Owner as never)
        .deleteRule('restrict')
        .index()
        .nullable(),
    title: text({ min: 1, max: 100 }).comment('What it is called.'),
    note: text({ max: 500 }).nullable(),
    code: text({ max: 20 }).nullable().unique(),
    memo: p.string().length(20).nullable(),
    amount: integer({ min: 0, max: 1000 }).default(1),
    big: p.bigint('number').nullable(),
    small: smallint().nullable(),
    price: p.decimal().precision(8).scale(2).nullable(),
    day: p.date().nullable(),
    status: oneOf(['new', 'used']).default('new'),
    shout: p.text().generated('(upper(title)) stored').nullable(),
    ...item,
  };
  const Item = table('Item', itemProperties, {
    tableName: 'items',
    comment: 'Things.',
    indexes: itemIndexes,
    checks: itemChecks,
    ...forced,
    policies: itemPolicies,
    ...itemOptions,
  });
  const tagProperties = { word: text({ max: 30 }), color: text({ max: 30 }), ...tag };
  const Tag = table('Tag', tagProperties, {
    tableName: 'tags',
    uniques: [{ properties: ['word'] }],
    ...tagOptions,
  });
  const Run = table(
    'Run',
    { label: text({ max: 50 }).nullable(), ...run },
    {
      tableName: 'runs',
      partitionBy: rangeById('runs'),
      ...runOptions,
    },
  );
  return [Owner, Item, ...(withoutTag ? [] : [Tag]), Run, ...(more ?? [])];
}

const id = (digit: number) => `'01900000-0000-7000-8000-00000000000${digit}'`;

/** Items with nulls, limits and every value of the closed set; tags; runs in the one partition. */
export const rowsSql = `
insert into lab.owners (id, name) values (${id(1)}, 'Ada'), (${id(2)}, 'Bob');
insert into lab.items (id, owner_id, title, note, code, memo, amount, big, small, price, day, status) values
  (${id(3)}, ${id(1)}, 'A', null, null, null, 0, null, null, null, null, 'new'),
  (${id(4)}, ${id(1)}, 'B', 'why', 'b', 'ten', 1000, 9, 3, 1.25, '2026-01-02', 'used'),
  (${id(5)}, null, repeat('x', 100), 'note', 'c', 'm', 7, 1, 0, 999.99, '2026-01-03', 'used');
insert into lab.tags (id, word, color) values (${id(8)}, 'red', 'deep'), (${id(9)}, 'blue', 'light');
insert into lab.runs (id, label) values (${id(6)}, 'first'), (${id(7)}, null);`;

/** Rights and the like, as a migration by hand gives them: nothing that is generated may lose them. */
export const rightsSql = `
grant usage on schema lab, hub to ${maintenanceRole};
grant select, insert, update, delete on lab.items, lab.owners, lab.tags to ${maintenanceRole};
grant select (color), update (color) on lab.tags to ${serviceRoles.identity};
create trigger keep_all before truncate on lab.items for each statement execute function hub.refuse_truncate();`;
