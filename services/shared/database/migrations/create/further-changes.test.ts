/** Guarantee: so are changes at once, of what depends on each other, and with what only migrations by hand can say. */
import { after, before, describe, it } from 'node:test';
import { defineEntity, p } from '@mikro-orm/core';
import { integer, text } from '../../models/declaration/fields.ts';
import { policy } from '../../models/declaration/row-security.ts';
import { rangeById } from '../../models/execution/partitioning.ts';
import { serviceRoles } from '../../provision/roles.ts';
import { type ChangeCase, checkChange, TestLab } from './test-lab.ts';
import { itemChecks, itemIndexes } from './test-models.ts';

let place: TestLab;
before(async () => {
  place = await TestLab.open();
});
after(async () => await place[Symbol.asyncDispose]());

/** What the rows of the lab are to be before a change that wants it; the owner sees none of the items. */
const items = (sql: string) =>
  `alter table lab.items no force row level security; update lab.items set ${sql}; alter table lab.items force row level security`;
const word = { properties: ['word'] };
const relation =
  (to: string, rule = 'restrict') =>
  () =>
    p
      .manyToOne(to as never)
      .deleteRule(rule)
      .index()
      .nullable();
const view = (expression: string) =>
  defineEntity({
    name: 'Seen',
    tableName: 'seen',
    schema: 'lab',
    view: true,
    expression,
    properties: { id: p.uuid().primary(), title: p.text() },
  } as never) as never;

const changes: ChangeCase[] = [
  {
    name: 'a table and a column renamed, and the column retyped, at once',
    to: {
      tag: { color: undefined, hue: p.string().length(40) },
      tagOptions: { tableName: 'labels', uniques: [word] },
    },
    answers: { renames: ['lab.tags=lab.labels', 'color=hue'] },
    hazards: ['rename', 'narrow-type', 'drop-constraint'],
    up: [/rename to "labels";[\s\S]*rename column "color" to "hue";[\s\S]*type character varying\(40\)/],
  },
  {
    name: 'rename a column that a check, an index and a stored expression read',
    to: {
      item: {
        title: undefined,
        label: text({ min: 1, max: 100 }).comment('What it is called.'),
        shout: p.text().generated('(upper(label)) stored').nullable(),
      },
      itemOptions: {
        indexes: [
          itemIndexes[0],
          {
            name: 'items_lower_idx',
            expression: 'create index "items_lower_idx" on "lab"."items" (lower(label))',
          },
        ],
      },
    },
    answers: { renames: ['title=label'], allow: [] },
    hazards: ['rename'],
    up: [
      /^alter table "lab"."items" rename column "title" to "label";\n.*rename constraint "items_title_check" to "items_label_check"$/,
    ],
  },
  {
    name: 'drop a column that a check over two columns reads: rows that are there may not fit when it comes back',
    to: { item: { note: undefined }, itemOptions: { checks: [] } },
    hazards: ['drop-column'],
    reversible: 'no',
    up: [/drop constraint "items_used_check"[\s\S]*drop column "note"/],
  },
  {
    name: 'drop a column that a stored expression read, which reads another one now',
    to: {
      item: {
        title: undefined,
        shout: p.text().generated('(upper(note)) stored').nullable(),
      },
      itemOptions: { indexes: [itemIndexes[0]] },
    },
    hazards: ['drop-column', 'change-type'],
    reversible: 'loses data',
    up: [
      /drop column "shout";\n.*drop column "title";\n.*add column "shout" text generated always as \(upper\(note\)\) stored/,
    ],
  },
  {
    name: 'drop a generated column: no value is lost, but who reads it has to know',
    to: { item: { shout: undefined } },
    hazards: ['drop-column'],
    up: [/drop column "shout"/],
  },
  {
    name: 'retype a column that views read, one by the other: they come back with rights, comment and options',
    byHand: `create view lab.seen with (security_barrier = true) as select id, memo from lab.items; comment on view lab.seen is 'Seen.';
      create view lab.a_copy as select memo from lab.seen; grant select on lab.seen to qhub_identity with grant option;
      create materialized view lab.kept as select memo from lab.items; create index kept_memo on lab.kept (memo)`,
    to: { item: { memo: p.text().nullable() } },
    hazards: [],
    up: [
      /drop view lab.a_copy;\ndrop view lab.seen[\s\S]*type text[\s\S]*create view lab.seen with \(security_barrier=true\)/,
      /kept_memo/,
    ],
  },
  {
    name: 'retype a column that a rule reads',
    byHand: `create rule heard as on update to lab.owners do also select memo from lab.items`,
    to: { item: { memo: p.text().nullable() } },
    hazards: [],
    up: [/drop rule heard on lab.owners;[\s\S]*CREATE RULE heard/],
  },
  {
    name: 'retype a column that a policy reads',
    from: {
      itemOptions: {
        policies: [policy('items_coded', [serviceRoles.identity], 'select', `code = current_user`)],
      },
    },
    to: {
      item: { code: p.string().length(30).nullable().unique() },
      itemOptions: {
        policies: [policy('items_coded', [serviceRoles.identity], 'select', `code = current_user`)],
      },
    },
    hazards: ['narrow-type', 'drop-constraint'],
    up: [/drop policy "items_coded"[\s\S]*type character varying\(30\)[\s\S]*create policy "items_coded"/],
  },
  {
    name: 'change the table that a foreign key leads to',
    to: { item: { owner: relation('Tag') } },
    hazards: ['blocking-constraint'],
    up: [/REFERENCES lab.tags\(id\)/],
    firstSql: items('owner_id = null'),
  },
  {
    name: 'a reference to the table itself',
    to: { item: { parent: relation('Item') } },
    hazards: ['blocking-constraint', 'blocking-index'],
    reversible: 'loses data',
    up: [/add column "parent_id" uuid[\s\S]*REFERENCES lab.items\(id\) ON DELETE RESTRICT/],
  },
  {
    name: 'a foreign key that is checked at the end',
    to: {
      item: {
        owner: () =>
          p
            .manyToOne('Owner' as never)
            .deleteRule('restrict')
            .index()
            .nullable()
            .deferMode('deferred'),
      },
    },
    hazards: ['blocking-constraint'],
    up: [/DEFERRABLE INITIALLY DEFERRED/],
  },
  {
    name: 'an identity column, and one by a sequence: filled, and taken back',
    to: {
      tag: {
        rank: p.integer().generated('by default as identity'),
        number: p.integer().autoincrement(),
      },
    },
    hazards: ['change-type'],
    reversible: 'loses data',
    up: [
      /create sequence lab.tags_number_seq[\s\S]*generated by default as identity[\s\S]*alter sequence lab.tags_number_seq owned by lab.tags.number/,
    ],
    down: [/drop column "rank"/],
  },
  {
    name: 'a column by a sequence that goes: the sequence goes along, and comes back',
    from: { tag: { number: p.integer().autoincrement() } },
    to: {},
    hazards: ['drop-column'],
    reversible: 'loses data',
    up: [/^alter table "lab"."tags" drop column "number"$/],
    down: [/create sequence lab.tags_number_seq/],
  },
  {
    name: 'arrays and jsonb with defaults',
    to: {
      item: {
        words: p.array().columnType('text[]').defaultRaw(`'{a,b}'::text[]`),
        body: p.json().defaultRaw(`'{"a": [1, "x''y"]}'::jsonb`),
      },
    },
    hazards: [],
    reversible: 'loses data',
    up: [
      /"words" text\[\] default '\{a,b\}'::text\[\] not null/,
      /"body" jsonb default '\{"a": \[1, "x''y"\]\}'::jsonb not null/,
    ],
  },
  {
    name: 'text to an array of it',
    to: { item: { memo: p.array().columnType('text[]').nullable() } },
    hazards: ['narrow-type'],
    reversible: 'loses data',
    up: [/type text\[\] using/],
    firstSql: items('memo = null'),
  },
  {
    name: 'text to uuid, by a cast',
    to: { item: { memo: p.uuid().nullable() } },
    hazards: ['narrow-type'],
    reversible: 'loses data',
    up: [/type uuid using "memo"::uuid/],
    firstSql: items('memo = null'),
  },
  {
    name: 'a table with a key of two columns, and one that refers to it',
    to: {
      more: [
        defineEntity({
          name: 'Pair',
          tableName: 'pairs',
          schema: 'lab',
          properties: {
            item: () =>
              p
                .manyToOne('Item' as never)
                .primary()
                .deleteRule('cascade'),
            tag: () =>
              p
                .manyToOne('Tag' as never)
                .primary()
                .deleteRule('restrict'),
          },
        } as never) as never,
      ],
    },
    hazards: [],
    reversible: 'loses data',
    up: [/constraint "pairs_pkey" PRIMARY KEY \(item_id, tag_id\)/],
  },
  {
    name: 'narrow a check, on rows that keep it',
    to: { item: { amount: integer({ min: 0, max: 500 }).default(1) } },
    hazards: ['blocking-constraint'],
    up: [/CHECK \(\(\(amount >= 0\) AND \(amount <= 500\)\)\)/],
    firstSql: items('amount = 3'),
  },
  {
    name: 'not null and a default at once',
    to: { run: { label: text({ max: 50 }).default('none') } },
    hazards: ['blocking-constraint'],
    up: [/set default 'none'::text;\n.*set not null/],
    firstSql: `update lab.runs set label = 'x' where label is null`,
  },
  {
    name: 'a column that may be null, without its default, of another type',
    to: { item: { amount: p.bigint('number').nullable() } },
    hazards: ['change-type', 'drop-constraint'],
    up: [/drop default;\n.*type bigint;\n.*drop not null/],
  },
  {
    name: 'a table into another schema, with policies, triggers, rights and whatever refers to it',
    byHand: 'create view lab.seen as select id from lab.items; grant select on lab.seen to qhub_identity',
    to: {
      itemOptions: {
        schema: 'attic',
        tableName: 'items',
        indexes: itemIndexes.map((index) => ({
          ...index,
          expression: index.expression.replace('"lab"', '"attic"'),
        })),
      },
    },
    answers: { renames: ['lab.items=attic.items'], allow: [] },
    hazards: ['rename'],
    up: [/^create schema "attic";\nalter table "lab"."items" set schema "attic"$/],
  },
  {
    name: 'another name for a key, a check and an index',
    to: {
      tagOptions: { uniques: [{ ...word, name: 'tags_by_word' }] },
      itemOptions: {
        checks: itemChecks.map((check) => ({ ...check, name: 'items_spent_check' })),
        indexes: itemIndexes.map((one) => ({
          name: `${one.name}_2`,
          expression: one.expression.replace(one.name, `${one.name}_2`),
        })),
      },
    },
    answers: { allow: [] },
    hazards: [],
    up: [
      /rename constraint "items_used_check" to "items_spent_check";[\s\S]*rename constraint "tags_word_key" to "tags_by_word"/,
    ],
  },
  {
    name: 'another collation',
    to: { item: { memo: p.string().length(20).collation('C').nullable() } },
    hazards: ['change-type'],
    up: [/type character varying\(20\) collate "C"/],
  },
  {
    name: 'indexes of another method, operator class, order and part',
    to: {
      itemOptions: {
        indexes: [
          {
            name: 'items_used_idx',
            expression: 'create index "items_used_idx" on "lab"."items" using hash ("amount")',
          },
          {
            name: 'items_lower_idx',
            expression:
              'create index "items_lower_idx" on "lab"."items" (lower(title) text_pattern_ops desc)',
          },
          {
            name: 'items_once_idx',
            expression: `create unique index "items_once_idx" on "lab"."items" ("code") where status = 'used'`,
          },
        ],
      },
    },
    hazards: ['blocking-index'],
    up: [/USING hash \(amount\)/, /text_pattern_ops DESC/, /create unique index items_once_idx/],
  },
  {
    name: 'a check, a key and a column of a table in partitions',
    to: {
      run: { label: undefined, shots: integer({ min: 1, max: 9 }).default(1) },
      runOptions: { uniques: [{ properties: ['id', 'shots'] }] },
    },
    hazards: ['drop-column', 'blocking-constraint'],
    reversible: 'loses data',
    up: [/UNIQUE \(id, shots\)/],
  },
  {
    name: 'a table in partitions under another name: they follow, also those of upkeep',
    to: { runOptions: { tableName: 'trials', partitionBy: rangeById('trials') } },
    answers: { renames: ['lab.runs=lab.trials'], allow: [] },
    hazards: ['rename'],
    up: [/alter table "lab"."runs" rename to "trials";[\s\S]*inhparent = '"lab"."trials"'::regclass/],
  },
  {
    name: 'a native enum: made, used, and taken back',
    to: { item: { mood: p.enum(['well', 'ill']).nativeEnumName('mood').nullable() } },
    hazards: [],
    reversible: 'loses data',
    up: [/create type (lab.)?mood as enum \('well', 'ill'\);[\s\S]*add column "mood"/],
    down: [/drop column "mood";\ndrop type/],
  },
  {
    name: 'a view: made, and taken back',
    to: { more: [view('select id, title from lab.items')] },
    hazards: [],
    up: [/^create view lab.seen as\n/],
    down: [/^drop view lab.seen$/],
  },
  {
    name: 'a view that reads otherwise, with the rights that it has',
    from: { more: [view('select id, title from lab.items')] },
    byHand: 'grant select on lab.seen to qhub_identity',
    to: { more: [view('select id, upper(title) as title from lab.items')] },
    hazards: [],
    up: [
      /^drop view lab.seen;\ncreate view lab.seen as\n[\s\S]*upper[\s\S]*grant select on table lab.seen to qhub_identity$/,
    ],
  },
  {
    name: 'a dropped table comes back with all that was made by hand',
    byHand: `create statistics lab.facts on word, color from lab.tags; create rule quiet as on delete to lab.tags do instead nothing;
      comment on constraint tags_word_key on lab.tags is 'One each.'; alter table lab.tags replica identity full;
      alter table lab.tags set (fillfactor = 70); alter table lab.tags alter color set storage external;
      alter table lab.tags alter color set statistics 7; comment on trigger a_set_times on lab.tags is 'Times.';
      alter table lab.tags add constraint tags_excl exclude using btree (word with =); alter table lab.tags cluster on tags_pkey`,
    to: { withoutTag: true },
    hazards: ['drop-table'],
    reversible: 'loses data',
    rowsLost: 2,
    up: [/^drop table "lab"."tags"$/],
    down: [
      /EXCLUDE/,
      /CREATE STATISTICS/,
      /CREATE RULE/,
      /replica identity full/,
      /cluster on/,
      /'One each.'/,
    ],
  },
  {
    name: 'a constraint, an index and a generated column made anew keep comments and rights',
    byHand: `comment on constraint items_used_check on lab.items is 'Said by hand.'; comment on index lab.items_lower_idx is 'For search.';
      grant select (shout) on lab.items to qhub_identity; alter table lab.items add constraint items_excl exclude using btree (code with =)`,
    to: {
      item: { shout: p.text().generated('(lower(title)) stored').nullable() },
      itemOptions: {
        checks: [{ name: 'items_used_check', expression: `status = 'new' or amount > 0` }],
        indexes: [
          itemIndexes[0],
          {
            name: 'items_lower_idx',
            expression: 'create index "items_lower_idx" on "lab"."items" (lower(note))',
          },
        ],
      },
    },
    hazards: ['blocking-constraint', 'blocking-index', 'change-type'],
    up: [/'Said by hand.'/, /'For search.'/, /grant select \(shout\) on table lab.items to qhub_identity/],
  },
];

describe('further changes', { concurrency: 2 }, () => {
  for (const change of changes) it(change.name, () => checkChange(place, change));
});
