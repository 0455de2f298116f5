import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestDatabase } from '@quantum-hub/database/testing';

const everydayMajor = '15';

test('the tests run on the PostgreSQL that was asked for, and not five times on the everyday one', async () => {
  await using database = await createTestDatabase();
  const { rows } = await database.admin.query('show server_version');
  const [major] = rows[0].server_version.split('.');
  assert.equal(major, process.env.QHUB_TEST_PG_MAJOR ?? everydayMajor);
});
