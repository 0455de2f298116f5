/** Guarantee: a rename is never guessed, in either direction; an answered one keeps rows, rights and names in order. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isHubError, uuidv7Floor } from '@quantum-hub/kernel';
import { text } from '../../models/declaration/fields.ts';
import { type ChangeCase, checkChange, TestLab } from './test-lab.ts';
import { type Lab, lab } from './test-models.ts';

let place: TestLab;
before(async () => {
  place = await TestLab.open();
});
after(async () => await place[Symbol.asyncDispose]());

/** MikroORM takes this for a rename without asking. */
const hueForColor: Lab = { tag: { color: undefined, hue: text({ max: 30 }) } };
const labels: Lab = { tagOptions: { tableName: 'labels', uniques: [{ properties: ['word'] }] } };
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
