/** Guarantee: so is each change of constraints, indexes, triggers, policies, tables and schemas. */
import { after, before, describe, it } from 'node:test';
import { p } from '@mikro-orm/core';
import { text } from '../../models/declaration/fields.ts';
import { policy } from '../../models/declaration/row-security.ts';
import { callsFunction, setsTimes } from '../../models/declaration/triggers.ts';
import { serviceRoles } from '../../provision/roles.ts';
import { type ChangeCase, checkChange, TestLab } from './test-lab.ts';
import { itemChecks, itemIndexes, table } from './test-models.ts';

let place: TestLab;
before(async () => {
  place = await TestLab.open();
});
after(async () => await place[Symbol.asyncDispose]());

const index = (name: string, rest: string) => ({
  name,
  expression: `create index "${name}" on "lab"."items" ${rest}`,
});
const addIndex = (name: string, rest: string, pattern: RegExp): ChangeCase => ({
  name: `add an index: ${rest}`,
  to: { itemOptions: { indexes: [...itemIndexes, index(name, rest)] } },
  hazards: ['blocking-index'],
  up: [pattern],
  down: [new RegExp(`^drop index "lab"."${name}"$`)],
});
const Note = () => table('Note', { body: text({ max: 9 }) }, { tableName: 'notes', comment: 'Notes.' });

const changes: ChangeCase[] = [
  addIndex(
    'items_big_idx',
    '("big" desc nulls last)',
    /^create index items_big_idx ON lab.items USING btree \(big DESC NULLS LAST\)$/,
  ),
  addIndex('items_part_idx', `("note") where big > 3`, /WHERE \(big > 3\)$/),
  addIndex('items_expr_idx', '(upper(note))', /\(upper\(note\)\)$/),
  addIndex('items_cover_idx', '("day") include ("note")', /INCLUDE \(note\)$/),
  addIndex('items_gin_idx', `using gin (to_tsvector('simple', note))`, /USING gin/),
  {
    name: 'add an index, the safe way',
    to: { itemOptions: { indexes: [...itemIndexes, index('items_big_idx', '("big")')] } },
    answers: { safe: true, allow: [] },
    hazards: [],
    up: [/^create index concurrently items_big_idx ON/],
    down: [/^drop index concurrently "lab"."items_big_idx"$/],
  },
  {
    name: 'change the expression of an index under its name',
    to: { itemOptions: { indexes: [itemIndexes[0], index('items_lower_idx', '(lower(note))')] } },
    hazards: ['blocking-index'],
    up: [/^drop index "lab"."items_lower_idx";\ncreate index items_lower_idx .*lower\(note\)/],
  },
  {
    name: 'drop an index',
    to: { itemOptions: { indexes: [itemIndexes[0]] } },
    hazards: ['blocking-index'],
    up: [/^drop index "lab"."items_lower_idx"$/],
  },
  {
    name: 'drop an index, the safe way',
    to: { itemOptions: { indexes: [itemIndexes[0]] } },
    answers: { safe: true, allow: [] },
    hazards: [],
    up: [/^drop index concurrently "lab"."items_lower_idx"$/],
    down: [/^create index concurrently items_lower_idx/],
  },
  {
    name: 'give an index another name',
    to: { itemOptions: { indexes: [itemIndexes[0], index('items_title_idx', '(lower(title))')] } },
    hazards: [],
    up: [/^alter index "lab"."items_lower_idx" rename to "items_title_idx"$/],
  },
  {
    name: 'add a unique key',
    to: { tagOptions: { uniques: [{ properties: ['word'] }, { properties: ['color', 'word'] }] } },
    hazards: ['blocking-constraint'],
    up: [/add constraint "tags_color_word_key" UNIQUE \(color, word\)$/],
  },
  {
    name: 'add a unique key, the safe way',
    to: { tagOptions: { uniques: [{ properties: ['word'] }, { properties: ['color', 'word'] }] } },
    answers: { safe: true, allow: [] },
    hazards: [],
    migrations: 2,
    up: [
      /^create unique index concurrently "tags_color_word_key"[^;]*;\n.*unique using index "tags_color_word_key"$/,
    ],
  },
  {
    name: 'drop a unique key',
    to: { tagOptions: { uniques: [] } },
    hazards: ['drop-constraint'],
    up: [/^alter table "lab"."tags" drop constraint "tags_word_key"$/],
  },
  {
    name: 'add a check',
    to: {
      itemOptions: {
        checks: [...itemChecks, { name: 'items_big_check', expression: 'big is null or big < 100' }],
      },
    },
    hazards: ['blocking-constraint'],
    up: [/^alter table "lab"."items" add constraint "items_big_check" CHECK/],
  },
  {
    name: 'change a check under its name',
    to: {
      itemOptions: { checks: [{ name: 'items_used_check', expression: `status = 'new' or amount > 0` }] },
    },
    hazards: ['blocking-constraint'],
    up: [/drop constraint "items_used_check";\n.*add constraint "items_used_check" CHECK/],
  },
  {
    name: 'write a check otherwise: no change',
    to: {
      itemOptions: {
        checks: [{ name: 'items_used_check', expression: `(status in ('new')) or (note) is not null` }],
      },
    },
    hazards: [],
    migrations: 0,
    up: [/^$/],
  },
  {
    name: 'drop a check',
    to: { itemOptions: { checks: [] } },
    hazards: ['drop-constraint'],
    up: [/^alter table "lab"."items" drop constraint "items_used_check"$/],
  },
  {
    name: 'change the rule of a foreign key',
    to: {
      item: {
        owner: () =>
          p
            .manyToOne('Owner' as never)
            .deleteRule('set null')
            .index()
            .nullable(),
      },
    },
    hazards: ['blocking-constraint'],
    up: [/drop constraint "items_owner_id_fkey";\n.*ON DELETE SET NULL/],
  },
  {
    name: 'let a foreign key delete along',
    to: {
      item: {
        owner: () =>
          p
            .manyToOne('Owner' as never)
            .deleteRule('cascade')
            .index()
            .nullable(),
      },
    },
    hazards: ['blocking-constraint', 'cascade'],
    up: [/ON DELETE CASCADE/],
  },
  {
    name: 'add a relation, the safe way',
    to: {
      item: {
        giver: () =>
          p
            .manyToOne('Owner' as never)
            .deleteRule('restrict')
            .nullable(),
      },
    },
    answers: { safe: true, allow: [] },
    hazards: [],
    reversible: 'loses data',
    migrations: 2,
    up: [
      /add column "giver_id" uuid;\n.*FOREIGN KEY \(giver_id\).* not valid;\nset local role qhub_maintenance;[\s\S]*validate/,
    ],
  },
  {
    name: 'add a trigger',
    to: {
      tagOptions: {
        uniques: [{ properties: ['word'] }],
        triggers: [
          setsTimes('lab.tags'),
          callsFunction('lab.tags', { name: 'keep', events: ['delete'], function: 'hub.set_times' }),
        ],
      },
    },
    hazards: [],
    up: [/^create trigger keep BEFORE DELETE ON lab.tags/],
    down: [/^drop trigger "keep" on "lab"."tags"$/],
  },
  {
    name: 'change a trigger under its name, and drop one',
    to: {
      tagOptions: {
        uniques: [{ properties: ['word'] }],
        triggers: [
          {
            ...setsTimes('lab.tags'),
            expression:
              'create trigger a_set_times before insert on lab.tags for each row execute function hub.set_times()',
          },
        ],
      },
      runOptions: { triggers: [] },
    },
    hazards: [],
    up: [
      /drop trigger "a_set_times" on "lab"."runs";\ndrop trigger "a_set_times" on "lab"."tags";\ncreate trigger a_set_times BEFORE INSERT ON lab.tags/,
    ],
  },
  {
    name: 'change, add and drop policies',
    to: {
      itemOptions: {
        policies: [
          policy('items_own', [serviceRoles.identity], 'select', 'true'),
          policy('items_new', [serviceRoles.execution], 'insert', 'true'),
        ],
      },
    },
    hazards: [],
    up: [
      /drop policy "items_backup"[\s\S]*drop policy "items_own"[\s\S]*create policy "items_new" on "lab"."items" as permissive for insert to qhub_execution with check \(true\)/,
    ],
  },
  {
    name: 'switch row security on, and force off',
    to: {
      itemOptions: { rowLevelSecurity: true },
      tagOptions: { uniques: [{ properties: ['word'] }], rowLevelSecurity: 'force' },
    },
    hazards: [],
    up: [
      /"items" no force row level security/,
      /"tags" enable row level security;\nalter table "lab"."tags" force row level security/,
    ],
  },
  {
    name: 'comment on a table',
    to: { itemOptions: { comment: "Everyone's things." } },
    hazards: [],
    up: [/^comment on table "lab"."items" is 'Everyone''s things.'$/],
  },
  {
    name: 'add a table',
    to: { more: [Note()] },
    hazards: [],
    reversible: 'loses data',
    up: [/^create table "lab"."notes" \(/, /create trigger a_set_times BEFORE INSERT OR UPDATE ON lab.notes/],
    down: [/^drop table "lab"."notes"$/],
  },
  {
    name: 'add a table in a schema of its own',
    to: { more: [table('Memo', { body: text({ max: 9 }) }, { tableName: 'memos', schema: 'attic' })] },
    hazards: [],
    reversible: 'loses data',
    up: [/^create schema "attic";\ncreate table "attic"."memos"/],
    down: [/drop table "attic"."memos";\ndrop schema "attic"$/],
  },
  {
    name: 'drop a table: it comes back with its rights',
    to: { withoutTag: true },
    hazards: ['drop-table'],
    reversible: 'loses data',
    rowsLost: 2,
    up: [/^drop table "lab"."tags"$/],
    down: [
      /grant delete on table lab.tags to qhub_maintenance/,
      /grant update \(color\) on table lab.tags to qhub_identity/,
    ],
  },
  {
    name: 'add a column to a partitioned table',
    to: { run: { shots: p.integer().nullable() } },
    hazards: [],
    reversible: 'loses data',
    up: [/^alter table "lab"."runs" add column "shots" integer$/],
  },
  {
    name: 'index a partitioned table: not concurrently, and on every partition',
    to: { runOptions: { indexes: [{ properties: ['label'] }] } },
    answers: { safe: true },
    hazards: ['blocking-index'],
    up: [/^create index runs_label_idx ON lab.runs USING btree \(label\)$/],
  },
];

describe('changes of rules and tables', { concurrency: 2 }, () => {
  for (const change of changes) it(change.name, () => checkChange(place, change));
});
