/** Guarantee: what can't be generated is refused and names why, and what rows refuse fails whole. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { p } from '@mikro-orm/core';
import { integer, text } from '../../models/declaration/fields.ts';
import { hazardNames } from '../hazards.ts';
import { TestLab } from './test-lab.ts';
import { type Lab, lab } from './test-models.ts';

let place: TestLab;
before(async () => {
  place = await TestLab.open();
});
after(async () => await place[Symbol.asyncDispose]());

const word = { properties: ['word'] };
const relation =
  (to: string, rule = 'restrict') =>
  () =>
    p
      .manyToOne(to as never)
      .deleteRule(rule)
      .index()
      .nullable();

/** What no migration can be generated for, or what fails on rows: each in one message that names it. */
const refusals: { name: string; byHand?: string; from?: Lab; to: Lab; said: RegExp }[] = [
  {
    name: 'a dropped column that a view reads',
    byHand: 'create view lab.seen as select memo from lab.items',
    to: { item: { memo: undefined } },
    said: /view lab.seen depends on column memo/,
  },
  {
    name: 'a dropped table that a view reads',
    byHand: 'create view lab.seen as select word from lab.tags',
    to: { withoutTag: true },
    said: /view lab.seen depends on table lab.tags/,
  },
  {
    name: 'statistics that would go with a column',
    byHand: 'create statistics lab.facts on memo, note from lab.items',
    to: { item: { memo: undefined } },
    said: /CREATE STATISTICS lab.facts .* column "memo" does not exist/,
  },
  {
    name: 'models that PostgreSQL refuses',
    to: { itemOptions: { checks: [{ name: 'items_odd', expression: 'nothing > 1' }] } },
    said: /PostgreSQL refuses what the models say: column "nothing" does not exist/,
  },
  {
    name: 'a dropped column that an exclusion constraint by hand reads',
    byHand: 'alter table lab.tags add constraint tags_once exclude using btree (color with =)',
    to: { tag: { color: undefined } },
    said: /the constraint tags_once on lab.tags is missing/,
  },
  {
    name: 'a dropped table that is published',
    byHand: 'create publication news for table lab.tags',
    to: { withoutTag: true },
    said: /the publication news has another tables: expected lab.tags, found none/,
  },
  {
    name: 'other values of a native enum',
    from: { item: { mood: p.enum(['well', 'ill']).nativeEnumName('mood').nullable() } },
    to: { item: { mood: p.enum(['well', 'fair']).nativeEnumName('mood').nullable() } },
    said: /type .*mood has another values/,
  },
];

describe('what can not be generated', { concurrency: 2 }, () => {
  for (const { name, byHand, from, to, said } of refusals) {
    it(name, async () => {
      await using derived = await place.derive(from ?? {}, byHand ?? '', '');
      await assert.rejects(
        derived.plan(lab(to), {
          allow: [
            'drop-column',
            'drop-table',
            'change-type',
            'narrow-type',
            'drop-constraint',
            'blocking-constraint',
          ],
        }),
        said,
      );
    });
  }

  it('rows that a new key, check or reference refuses: the migration fails whole, and says of what', async () => {
    const fails = async (to: Lab, said: RegExp) => {
      const planned = await place.plan(lab(to), { allow: hazardNames });
      await assert.rejects(place.try(planned), said);
    };
    await fails(
      {
        runOptions: {},
        tagOptions: { uniques: [word], checks: [{ name: 'tags_odd', expression: `word <> 'red'` }] },
      },
      /tags_odd.* is violated/,
    );
    await fails(
      { item: { owner: relation('Tag') } },
      /rows of lab.items refer to nothing in lab.tags, against items_owner_id_fkey/,
    );
    await fails(
      { item: { amount: integer({ min: 0, max: 500 }).default(1) } },
      /items_amount_check.* is violated/,
    );
    await fails(
      { item: { status: text({ max: 30 }).unique() }, itemOptions: { checks: [], indexes: [] } },
      /could not create unique index/,
    );
  });
});
