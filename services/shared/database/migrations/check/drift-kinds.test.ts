/** Guarantee: drift in anything that a migration by hand may make is named, on every PostgreSQL that has it. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts';
import { compareInventories, type Difference } from '../catalog/compare.ts';
import { readInventory } from '../catalog/inventory.ts';
import { drifts, madeByHand } from './test-drifts.ts';

let live: TestDatabase;
let reference: TestDatabase;
before(async () => {
  [live, reference] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  for (const { admin } of [live, reference]) await admin.query(madeByHand);
});
after(async () => {
  // A database with a subscription can't be dropped.
  await live.admin.query('alter subscription other set (slot_name = none)').catch(() => {});
  await live.admin.query('drop subscription if exists other');
  await live[Symbol.asyncDispose]();
  await reference[Symbol.asyncDispose]();
});

const title = ({ kind, object, fact }: Difference) => `${kind} ${object}${fact ? `: ${fact}` : ''}`;

async function found(): Promise<string[]> {
  const differences = compareInventories(
    await readInventory(reference.admin),
    await readInventory(live.admin),
  );
  return differences.map(title).toSorted();
}

it('two databases made alike have no drift', async () => assert.deepEqual(await found(), []));

it(`each of ${drifts.length} plants is named, and nothing besides`, async () => {
  const { rows } = await live.admin.query(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  const possible = drifts.filter(({ since = 14 }) => since <= rows[0].major);
  for (const { sql } of possible) await live.admin.query(sql);
  const [is, should] = [await found(), possible.flatMap(({ titles }) => titles)];
  const unplanted = is.filter((name) => !should.includes(name));
  const overlooked = should.filter((name) => !is.includes(name));
  assert.deepEqual({ unplanted, overlooked }, { unplanted: [], overlooked: [] });
});
