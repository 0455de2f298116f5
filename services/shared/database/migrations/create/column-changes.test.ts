/** Guarantee: each change of a column is generated both ways, holds on filled tables, and names what is dangerous in it. */
import { after, before, describe, it } from 'node:test';
import { p } from '@mikro-orm/core';
import { integer, oneOf, setOf, smallint, text } from '../../models/declaration/fields.ts';
import { type ChangeCase, checkChange, TestLab } from './test-lab.ts';
import { itemIndexes } from './test-models.ts';

let place: TestLab;
before(async () => {
  place = await TestLab.open();
});
after(async () => await place[Symbol.asyncDispose]());

const changes: ChangeCase[] = [
  {
    name: 'add a nullable column',
    to: { item: { phone: p.text().nullable().comment('Where to call.') } },
    hazards: [],
    reversible: 'loses data',
    up: [/add column "phone" text;\ncomment on column "lab"."items"."phone" is 'Where to call.'/],
    down: [/drop column "phone"/],
  },
  {
    name: 'add a column with a rule',
    to: { item: { phone: text({ max: 20 }).nullable() } },
    hazards: ['blocking-constraint'],
    reversible: 'loses data',
    up: [
      /add column "phone" text;/,
      /add constraint "items_phone_check" CHECK \(\(char_length\(phone\) <= 20\)\)/,
    ],
  },
  {
    name: 'add a column with a rule, the safe way',
    to: { item: { phone: text({ max: 20 }).nullable() } },
    answers: { safe: true, allow: [] },
    hazards: [],
    reversible: 'loses data',
    migrations: 2,
    up: [/add constraint "items_phone_check" .* not valid;/, /validate constraint "items_phone_check"/],
    down: [/add constraint "items_phone_check" CHECK .* NOT VALID/],
  },
  {
    name: 'add a not-null column with a default',
    to: { item: { seen: p.boolean().default(false) } },
    hazards: [],
    reversible: 'loses data',
    up: [/add column "seen" boolean default false not null$/],
  },
  {
    name: 'add a column whose default is another in every row',
    to: { item: { token: p.uuid().defaultRaw('gen_random_uuid()') } },
    hazards: ['change-type'],
    reversible: 'loses data',
    up: [/add column "token" uuid default gen_random_uuid\(\) not null$/],
  },
  {
    name: 'add a not-null column with a backfill',
    to: { item: { place: p.text() } },
    answers: { backfills: new Map([['lab.items.place', 'lower(title)']]) },
    hazards: ['data-change', 'blocking-constraint'],
    reversible: 'loses data',
    up: [
      /set local role qhub_maintenance;\nupdate "lab"."items" set "place" = lower\(title\) where "place" is null;\nset local role qhub_owner;\n.*set not null/,
    ],
  },
  {
    name: 'add a not-null column with a backfill, the safe way',
    to: { item: { place: p.text() } },
    answers: { safe: true, allow: [], backfills: new Map([['lab.items.place', 'lower(title)']]) },
    hazards: ['data-change'],
    reversible: 'loses data',
    migrations: 5,
    up: [
      /add column "place" text;\n.*check \("place" is not null\) not valid;\n/,
      /update "lab"."items"[\s\S]*validate[\s\S]*set not null/,
    ],
  },
  {
    name: 'drop a nullable column',
    to: { item: { memo: undefined } },
    hazards: ['drop-column'],
    reversible: 'loses data',
    up: [/^alter table "lab"."items" drop column "memo"$/],
    down: [/add column "memo" character varying\(20\)/],
  },
  {
    name: 'drop a not-null column: its rows come back with a value that the rule takes',
    to: { item: { title: undefined, shout: undefined }, itemOptions: { indexes: [itemIndexes[0]] } },
    hazards: ['drop-column'],
    reversible: 'loses data',
    up: [/drop column "shout";\n.*drop column "title"/],
    down: [/add column "title" text default 'unknown'::text not null;\n.*alter column "title" drop default/],
  },
  {
    name: 'drop a column with rights of its own: they come back',
    to: { tag: { color: undefined } },
    hazards: ['drop-column'],
    reversible: 'loses data',
    up: [/drop column "color"/],
    down: [/grant select \(color\) on table lab.tags to qhub_identity/],
  },
  {
    name: 'drop a not-null column that is unique: only an empty table can have it back',
    to: { tag: { word: undefined }, tagOptions: { uniques: [] } },
    hazards: ['drop-column'],
    reversible: 'no',
    up: [/drop constraint "tags_word_key"[\s\S]*drop column "word"/],
  },
  {
    name: 'drop a relation',
    to: { item: { owner: undefined }, itemOptions: { policies: [] } },
    hazards: ['drop-column'],
    reversible: 'loses data',
    up: [
      /drop policy "items_own"[\s\S]*drop constraint "items_owner_id_fkey"[\s\S]*drop index "lab"."items_owner_id_idx"[\s\S]*drop column "owner_id"/,
    ],
  },
  {
    name: 'widen integer to bigint',
    to: { item: { amount: p.bigint('number').default(1) } },
    hazards: ['change-type', 'drop-constraint'],
    up: [/alter column "amount" type bigint/, /set default '?1/],
    down: [/alter column "amount" type integer/],
  },
  {
    name: 'widen smallint to integer under the same rule',
    to: { item: { small: integer({ min: 0, max: 32_767 }).nullable() } },
    hazards: ['change-type'],
    up: [/alter column "small" type integer$/],
  },
  {
    name: 'narrow bigint to smallint',
    to: { item: { big: p.smallint().nullable() } },
    hazards: ['narrow-type'],
    up: [/alter column "big" type smallint$/],
  },
  {
    name: 'widen varchar to text',
    to: { item: { memo: p.text().nullable() } },
    hazards: [],
    up: [
      /^-- lint: allow changing-column-type: [^\n]*;\nalter table "lab"."items" alter column "memo" type text$/,
    ],
    down: [/type character varying\(20\)$/],
  },
  {
    name: 'narrow varchar: what is too long is refused, not cut',
    to: { item: { memo: p.string().length(5).nullable() } },
    hazards: ['narrow-type'],
    up: [/alter column "memo" type character varying\(5\)$/],
  },
  {
    name: 'lengthen varchar',
    to: { item: { memo: p.string().length(200).nullable() } },
    hazards: [],
    up: [/type character varying\(200\)$/],
  },
  {
    name: 'give a numeric more digits',
    to: { item: { price: p.decimal().precision(12).scale(2).nullable() } },
    hazards: [],
    up: [/alter column "price" type numeric\(12,2\)$/],
  },
  {
    name: 'take digits behind the point from a numeric',
    to: { item: { price: p.decimal().precision(8).scale(0).nullable() } },
    hazards: ['narrow-type'],
    reversible: 'loses data',
    up: [/alter column "price" type numeric\(8,0\)$/],
  },
  {
    name: 'retype a date to an instant',
    to: { item: { day: p.datetime().columnType('timestamptz').nullable() } },
    hazards: ['change-type'],
    reversible: 'loses data',
    up: [/alter column "day" type timestamp with time zone$/],
  },
  {
    name: 'retype integer to text: a cast both ways, the default is set anew, the index on it stays',
    to: { item: { amount: p.text().default('1') } },
    hazards: ['change-type', 'drop-constraint'],
    reversible: 'loses data',
    up: [/drop default;\n.*type text;\n.*set default '1'::text/],
    down: [/type integer using "amount"::integer/],
  },
  {
    name: 'retype the column that a stored expression reads',
    to: {
      item: { title: p.string().length(150).comment('What it is called.') },
      itemOptions: { indexes: [] },
    },
    hazards: ['narrow-type', 'change-type', 'drop-constraint', 'blocking-index'],
    up: [
      /drop column "shout"[\s\S]*type character varying\(150\)[\s\S]*add column "shout" text generated always as/,
    ],
  },
  {
    name: 'set a default',
    to: { item: { note: text({ max: 500 }).nullable().default('none') } },
    hazards: [],
    up: [/^alter table "lab"."items" alter column "note" set default 'none'::text$/],
    down: [/alter column "note" drop default$/],
  },
  {
    name: 'change a default',
    to: { item: { amount: integer({ min: 0, max: 1000 }).default(2) } },
    hazards: [],
    up: [/alter column "amount" set default 2$/],
    down: [/alter column "amount" set default 1$/],
  },
  {
    name: 'drop a default',
    to: { item: { amount: integer({ min: 0, max: 1000 }) } },
    hazards: [],
    up: [/alter column "amount" drop default$/],
  },
  {
    name: 'allow null',
    to: { item: { title: text({ min: 1, max: 100 }).nullable().comment('What it is called.') } },
    hazards: [],
    up: [/^alter table "lab"."items" alter column "title" drop not null$/],
    down: [/alter column "title" set not null$/],
  },
  {
    name: 'set not null',
    to: { run: { label: text({ max: 50 }) } },
    answers: { allow: ['blocking-constraint'] },
    hazards: ['blocking-constraint'],
    up: [/^alter table "lab"."runs" alter column "label" set not null$/],
    firstSql: `update lab.runs set label = '' where label is null`,
  },
  {
    name: 'set not null, the safe way',
    to: { item: { memo: p.string().length(20) } },
    answers: { safe: true, allow: [] },
    hazards: [],
    migrations: 3,
    up: [/check \("memo" is not null\) not valid;\n.*validate[\s\S]*set not null;\n.*drop constraint/],
    down: [/drop not null/],
    firstSql: `alter table lab.items no force row level security; update lab.items set memo = '' where memo is null; alter table lab.items force row level security`,
  },
  {
    name: 'grow a closed set',
    to: { item: { status: oneOf(['new', 'used', 'gone']).default('new') } },
    hazards: ['blocking-constraint'],
    up: [/drop constraint "items_status_check";\n.*add constraint "items_status_check" CHECK .*'gone'/],
  },
  {
    name: 'grow a closed set, the safe way',
    to: { item: { status: oneOf(['new', 'used', 'gone']).default('new') } },
    answers: { safe: true, allow: [] },
    hazards: [],
    migrations: 2,
    up: [/'gone'.* not valid;\nalter table "lab"."items" validate constraint "items_status_check"/],
  },
  {
    name: 'add a set of a closed set, and a range',
    to: { item: { flags: setOf(['a', 'b']).default([]), level: smallint({ min: 1, max: 3 }).default(1) } },
    hazards: ['blocking-constraint'],
    reversible: 'loses data',
    up: [/add column "flags" text\[\] default '\{\}'::text\[\] not null/, /"items_level_check" CHECK/],
  },
  {
    name: 'change a generated column',
    to: { item: { shout: p.text().generated('(lower(title)) stored').nullable() } },
    hazards: ['change-type'],
    up: [/drop column "shout";\n.*add column "shout" text generated always as \(lower\(title\)\) stored/],
  },
  {
    name: 'add a generated column',
    to: { item: { twice: p.integer().generated('(amount * 2) stored').nullable() } },
    hazards: ['change-type'],
    up: [/add column "twice" integer generated always as \(\(amount \* 2\)\) stored/],
  },
  {
    name: 'comment on a column, and take a comment away',
    to: {
      item: { title: text({ min: 1, max: 100 }), note: text({ max: 500 }).nullable().comment("It's said.") },
    },
    hazards: [],
    up: [/"title" is null/, /"note" is 'It''s said.'/],
  },
];

describe('changes of columns', { concurrency: 2 }, () => {
  for (const change of changes) it(change.name, () => checkChange(place, change));
});
