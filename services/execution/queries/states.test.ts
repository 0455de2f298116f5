/** Guarantee: code and database hold the same states, arrows and origins: every pair of states is tried on a real table. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jobEventOrigins, jobStatuses as storedStatuses } from '@quantum-hub/database/models';
import { canBecome, isFinal, jobOrigins, jobStatuses } from '../domain/job-states.ts';
import { newJob, openTestExecution, type TestExecution } from '../test-execution.ts';

let hub: TestExecution;
before(async () => {
  hub = await openTestExecution();
});
after(async () => await hub[Symbol.asyncDispose]());

test('the models list the same states and origins', () => {
  assert.deepEqual(storedStatuses.toSorted(), jobStatuses.toSorted());
  assert.deepEqual([...jobEventOrigins], [...jobOrigins]);
});

test('the trigger allows exactly the arrows of the table', async () => {
  const { admin } = hub.test;
  const device = await hub.makeDevice();
  const user = await hub.makeUser();
  for (const from of jobStatuses) {
    for (const to of jobStatuses.filter((status) => status !== from)) {
      await admin.query('begin');
      const { id } = newJob(device, user);
      await admin.query(
        `insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language, status, finished_at)
         values ($1, $2, $3, $4, 'step', 'x', 'openqasm3', $5, case when $6 then now() end)`,
        [id, user, device.platformId, device.id, from, isFinal(from)],
      );
      const step = admin.query(
        `update execution.jobs set status = $2, finished_at = case when $3 then now() end where id = $1`,
        [id, to, isFinal(to)],
      );
      const outcome = await step.then(
        () => true,
        () => false,
      );
      await admin.query('rollback');
      assert.equal(outcome, canBecome(from, to), `${from} > ${to}`);
    }
  }
});
