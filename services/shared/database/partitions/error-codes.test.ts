import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../db.ts';
import { constraintCodes } from '../models/error-codes.ts';
import * as make from '../testing/factories.ts';
import { createTestDatabase } from '../testing/index.ts';

test('an id that is there already is told by the code of its table, whichever partition it lies in', async () => {
  await using db = await createTestDatabase();
  const job = await make.makeJob(db.admin);
  await using database = new Database({ connection: db.application, service: 'test', constraintCodes });
  await assert.rejects(
    database.getDb(
      (session) =>
        session.query(
          `insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language)
           values ($1, $2, $3, $4, 'Twice', 'OPENQASM 3.0;', 'openqasm3')`,
          [job.id, job.user_id, job.platform_id, job.device_id],
        ),
      { as: 'execution', actor: String(job.user_id) },
    ),
    { code: 'execution.job_exists' },
  );
});
