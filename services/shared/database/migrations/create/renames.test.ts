/** Guarantee: a rename is never guessed, in either direction; an answered one keeps rows, rights and names in order. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isHubError, uuidv7Floor } from '@quantum-hub/kernel';
import { integer, text } from '../../models/declaration/fields.ts';
import { rangeById } from '../../models/execution/partitioning.ts';
import { type ChangeCase, checkChange, TestLab } from './test-lab.ts';
import { type Lab, lab, table } from './test-models.ts';

let place: TestLab;
before(async () => {
  place = await TestLab.open();
});
after(async () => await place[Symbol.asyncDispose]());

const shelf = (schema: string, tableName: string) =>
  table('Shelf', { height: text({ max: 9 }) }, { schema, tableName });

/** MikroORM takes this for a rename without asking. */
const hueForColor: Lab = { tag: { color: undefined, hue: text({ max: 30 }) } };
const labels: Lab = { tagOptions: { tableName: 'labels', uniques: [{ properties: ['word'] }] } };
const uniques = [{ properties: ['word'] }];
const swapped: Lab = { tagOptions: { tableName: 'owners', uniques }, ownerOptions: { tableName: 'tags' } };
const withRuns: Lab = {
  tagOptions: { tableName: 'runs', uniques },
  runOptions: { tableName: 'tags', partitionBy: rangeById('tags') },
};
const attic: Lab = { tagOptions: { schema: 'attic', uniques: [{ properties: ['word'] }] } };

const changes: ChangeCase[] = [
  {
    name: 'a column, with the constraint that carries its name',
    to: hueForColor,
    answers: { renames: ['color=hue'], allow: [] },
    hazards: ['rename'],
    up: [
      /^alter table "lab"."tags" rename column "color" to "hue";\nalter table "lab"."tags" rename constraint "tags_color_check" to "tags_hue_check"$/,
    ],
    down: [/rename constraint "tags_hue_check" to "tags_color_check";\n.*rename column "hue" to "color"$/],
  },
  {
    name: 'a table, with keys, constraints and triggers',
    to: labels,
    answers: { renames: ['lab.tags=lab.labels'], allow: [] },
    hazards: ['rename'],
    up: [
      /^alter table "lab"."tags" rename to "labels";[\s\S]*rename constraint "tags_pkey" to "labels_pkey"/,
      /rename constraint "tags_word_key" to "labels_word_key"/,
    ],
    down: [/alter table "lab"."labels" rename to "tags"$/],
  },
  {
    name: 'a table into another schema',
    to: attic,
    answers: { renames: ['lab.tags=attic.tags'], allow: [] },
    hazards: ['rename'],
    up: [/^create schema "attic";\nalter table "lab"."tags" set schema "attic"/],
    down: [/set schema "lab";\ndrop schema "attic"$/],
  },
  {
    name: 'a table and a column in it at once, by asking',
    to: { tag: { color: undefined, hue: text({ max: 30 }) }, ...labels },
    answers: { noRename: false, ask: async ({ added }) => added[0], allow: [] },
    hazards: ['rename'],
    up: [
      /^alter table "lab"."tags" rename to "labels";\nalter table "lab"."labels" rename column "color" to "hue";/,
    ],
  },
  {
    name: 'two columns that change places, with their checks and the key on one of them',
    from: { tag: { color: text({ max: 40 }) } },
    to: { tag: { word: text({ max: 40 }) }, tagOptions: { uniques: [{ properties: ['color'] }] } },
    answers: { renames: ['word=color', 'color=word'], allow: [] },
    hazards: ['rename'],
    up: [
      /^alter table "lab"."tags" rename column "word" to "renaming";\n.*column "color" to "word";\n.*column "renaming" to "color";/,
      /rename constraint "tags_color_check" to "renaming"/,
      /rename constraint "tags_word_key" to "tags_color_key"/,
    ],
  },
  {
    name: 'three columns in a circle, and one that makes room for a new one',
    from: { tag: { third: text({ max: 30 }).nullable(), fourth: text({ max: 30 }).nullable() } },
    to: {
      tag: {
        word: text({ max: 30 }).nullable(),
        third: text({ max: 30 }),
        fourth: integer().nullable(),
        fifth: text({ max: 30 }).nullable(),
      },
      tagOptions: { uniques: [{ properties: ['color'] }] },
    },
    answers: { renames: ['word=color', 'color=third', 'third=word', 'fourth=fifth'] },
    hazards: ['rename', 'blocking-constraint'],
    reversible: 'loses data',
    up: [/rename column "fourth" to "fifth"/, /add column "fourth" integer/],
  },
  {
    name: 'two tables that change places, with keys, indexes and triggers',
    to: swapped,
    answers: { renames: ['lab.tags=lab.owners', 'lab.owners=lab.tags'], allow: [] },
    hazards: ['rename'],
    up: [/^alter table "lab"."tags" rename to "renaming";\n.*"owners" rename to "tags"/],
  },
  {
    name: 'a table with partitions and one without that change places',
    to: withRuns,
    answers: { renames: ['lab.tags=lab.runs', 'lab.runs=lab.tags'], allow: [] },
    hazards: ['rename'],
    up: [/^alter table "lab"."runs" rename to "renaming";|^alter table "lab"."tags" rename to "renaming";/],
  },
  {
    name: 'two tables of one name whose schemas change places',
    from: { more: [shelf('attic', 'tags')] },
    to: { tagOptions: { schema: 'attic', uniques }, more: [shelf('lab', 'tags')] },
    answers: { renames: ['lab.tags=attic.tags', 'attic.tags=lab.tags'], allow: [] },
    hazards: ['rename'],
    up: [/^create schema "renaming";\n[\s\S]*drop schema "renaming"/],
  },
  {
    name: 'a column that was dropped, and not renamed',
    to: hueForColor,
    answers: { backfills: new Map([['lab.tags.hue', "'grey'"]]) },
    hazards: ['drop-column', 'data-change', 'blocking-constraint'],
    reversible: 'loses data',
    up: [/drop column "color";\n.*add column "hue" text;\nupdate "lab"."tags" set "hue" = 'grey'/],
  },
];

describe('renames', { concurrency: 2 }, () => {
  for (const change of changes) it(change.name, () => checkChange(place, change));
});

async function refusal(
  to: Lab,
  answers: Parameters<TestLab['plan']>[1],
): Promise<{ code: string; message: string }> {
  const fault = await place.plan(lab(to), answers).then(
    () => assert.fail('nothing was refused'),
    (error: unknown) => error,
  );
  assert.ok(isHubError(fault), String(fault));
  return fault;
}

describe('what is refused', () => {
  it('a pair of like shape without an answer, for columns and for tables', async () => {
    const open = { noRename: false };
    const column = await refusal(hueForColor, open);
    assert.equal(column.code, 'database.rename_undecided');
    assert.match(column.message, /--rename lab.tags.color=lab.tags.hue/);
    assert.match((await refusal(labels, open)).message, /--rename lab.tags=lab.labels/);
    assert.match((await refusal(attic, open)).message, /--rename lab.tags=attic.tags/);
  });

  it('a rename of what was not dropped, and one that may mean two things', async () => {
    const unknown = await refusal(hueForColor, { renames: ['colour=hue'] });
    assert.equal(unknown.code, 'database.rename_unknown');
    assert.match(unknown.message, /dropped: lab.tags.color; added: lab.tags.hue/);
    const both: Lab = {
      tag: { color: undefined, hue: text({ max: 30 }) },
      item: { code: undefined, hue: text({ max: 9 }).nullable(), color: undefined },
      run: { label: undefined, hue: text({ max: 9 }).nullable() },
    };
    const wide = await refusal(both, { renames: ['tags.color=tags.hue', 'label=items.hue'] });
    assert.equal(wide.code, 'database.rename_unknown', 'a column does not move to another table');
  });

  it('a rename to a name that something keeps, and one name for two', async () => {
    for (const renames of [['color=word'], ['color=hue', 'word=hue']]) {
      const { code, message } = await refusal(hueForColor, { renames });
      assert.equal(code, 'database.rename_taken', message);
      assert.match(message, /gives a name that is not free: say also what becomes of lab.tags.(word|hue)$/);
    }
  });

  it('each hazard, by its name, with what is lost or locked and what to do instead', async () => {
    const changed: Lab = {
      item: {
        memo: undefined,
        big: undefined,
        title: text({ min: 2, max: 100 }).comment('What it is called.'),
      },
    };
    const { code, message } = await refusal(changed, {});
    assert.equal(code, 'database.hazard_refused');
    assert.match(
      message,
      /drop-column: lab.items.memo would be dropped with all its values \(expand and contract/,
    );
    assert.match(message, /drop-column: lab.items.big/);
    assert.match(
      message,
      /blocking-constraint: lab.items would be locked while every row is held against items_title_check \(--safe writes/,
    );
    assert.match(message, /--allow drop-column --allow blocking-constraint$/);
  });

  it('a not-null column without a default; a backfill of what is not there', async () => {
    const added: Lab = { item: { place: text({ max: 9 }) } };
    assert.match(
      (await refusal(added, { safe: true })).message,
      /not-null-without-default: lab.items.place .*--backfill 'lab.items.place=/,
    );
    const unknown = await refusal(added, { backfills: new Map([['lab.items.plaze', '1']]) });
    assert.equal(unknown.code, 'database.backfill_column_unknown');
    assert.match(unknown.message, /lab.items.place$/);
  });

  it('a partitioning that changes, which has to be done by hand', async () => {
    const { code, message } = await refusal({ runOptions: { partitionBy: undefined } }, {});
    assert.equal(code, 'database.migration_not_generated');
    assert.match(message, /up does not lead to what the models say: .*range[\s\S]*--blank/i);
  });
});

it('models that say what is there make nothing, also beside a partition made at run time', async () => {
  assert.deepEqual(await place.plan(lab(), { noRename: false }), []);
  const [from, to] = ['2026-12-01', '2027-01-01'].map((day) => uuidv7Floor(new Date(day)));
  await place.run(
    `create table lab.runs_2026_12 partition of lab.runs for values from ('${from}') to ('${to}')`,
  );
  assert.deepEqual(await place.plan(lab(), { noRename: false }), []);
});
