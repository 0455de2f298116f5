import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { chooseEngine } from './open-engine.ts';
import { withoutEngine } from './test-engines.ts';

const socketDir = '/run/postgresql';
const skip = (await withoutEngine('pgbackrest')) || (await withoutEngine('plain'));

test('pgBackRest is taken where it is, PostgreSQL’s own programs where it cannot work', {
  skip,
}, async () => {
  assert.equal(await chooseEngine(undefined, { major: 15, socketDir }), 'pgbackrest');
  assert.equal(await chooseEngine('plain', { major: 15, socketDir }), 'plain');
  assert.equal(await chooseEngine(undefined, { major: 15, socketDir: undefined }), 'plain');
});

test('an engine that was asked for is refused with the reason', { skip }, async () => {
  await assert.rejects(
    chooseEngine('pgbackrest', { major: 15, socketDir: undefined }),
    (error) => isHubError(error, 'database.pitr_option_unsupported') && /Unix socket/.test(String(error)),
  );
});

test('programs that are missing are named, with the version that is needed and how to get it', async () => {
  await assert.rejects(
    chooseEngine(undefined, { major: 99, socketDir }),
    (error) =>
      isHubError(error, 'database.program_missing') &&
      /pg_basebackup of version 99.*apt-get/.test(String(error)),
  );
});
