/**
 * Guarantee: for every column that has a rule, zod accepts exactly the values that the database stores
 * and gives back equal. So nothing that passed validation fails at the database, and raw SQL stores
 * nothing that the code could not have written.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { candidatesFor } from '../testing/rule-probe/candidates.ts';
import {
  type Candidate,
  databaseAccepts,
  type ProbedColumn,
  probedColumns,
} from '../testing/rule-probe/probe.ts';
import { entities } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

/** Both verdicts on each candidate have to be the same; a value that zod writes otherwise is stored as zod gives it. */
async function judge(column: ProbedColumn, candidates: readonly Candidate[]): Promise<boolean[]> {
  const parsed = candidates.map(({ value }) => column.rule.zod.safeParse(value));
  const asWritten = candidates.map((candidate, index) => {
    const result = parsed[index];
    return result?.success && typeof candidate.value === 'string' ? { value: result.data } : candidate;
  });
  const stored = await databaseAccepts(db.admin, column, asWritten);
  for (const [index, { value, text }] of candidates.entries()) {
    const verdicts = { zod: parsed[index]?.success, database: stored[index] };
    if (verdicts.zod === verdicts.database) continue;
    const shown = inspect(text ?? value, { maxStringLength: 120, maxArrayLength: 5, breakLength: 200 });
    assert.fail(`${column.table}.${column.column}: ${shown} gives ${inspect(verdicts)}`);
  }
  return stored;
}

for (const model of entities) {
  describe(`rules of ${model.meta.className}`, () => {
    it('accept in zod exactly what the database stores', async () => {
      const columns = await probedColumns(db.admin, model);
      assert.ok(columns.length > 1, 'the model has columns with rules');
      for (const column of columns) {
        const { fixed, random } = candidatesFor(column);
        const verdicts = await judge(column, fixed);
        assert.ok(verdicts.includes(true), `${column.column}: some candidate is accepted`);
        const batches = fc.array(random, { minLength: 40, maxLength: 60 });
        await fc.assert(
          fc.asyncProperty(batches, async (batch) => void (await judge(column, batch))),
          { numRuns: 2 },
        );
      }
    });
  });
}
