import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { root as checkout } from '../rooms.ts';
import { readTestArguments, slowTests } from './arguments.ts';

let root: string;

before(() => {
  root = mkdtempSync(join(tmpdir(), 'qhub-tests-'));
  for (const file of [
    'services/shared/kernel/ids.test.ts',
    'services/shared/kernel/ids.ts',
    'apps/cli/node_modules/stranger/stranger.test.ts',
    'tools/postgres-matrix/node_modules/pg14/pg.test.ts',
    'tools/check.test.ts',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
});
after(() => rmSync(root, { recursive: true }));

const read = (...args: string[]) => readTestArguments(root, join(root, 'services'), args);

test('without arguments every test of the repository runs and no test of an installed package', () => {
  assert.deepEqual(read(), {
    flags: [],
    files: ['services/shared/kernel/ids.test.ts', 'tools/check.test.ts'],
  });
});

test('a folder means the tests below it, a file itself, each once', () => {
  assert.deepEqual(read('services', 'services/shared/kernel/ids.test.ts').files, [
    'services/shared/kernel/ids.test.ts',
  ]);
});

test('a path is also found from the folder in which the person stands', () => {
  assert.deepEqual(read('shared/kernel').files, ['services/shared/kernel/ids.test.ts']);
});

test('flags for node --test pass through with their values', () => {
  const { flags, files } = read('--test-name-pattern', 'two words', '--test-only', 'tools');
  assert.deepEqual(flags, ['--test-name-pattern', 'two words', '--test-only']);
  assert.deepEqual(files, ['tools/check.test.ts']);
});

test('a path without tests is an error that names it, never a run of nothing', () => {
  assert.throws(() => read('services/nowhere'), /services\/nowhere: no such file or folder/);
  mkdirSync(join(root, 'docs'));
  assert.throws(() => read('docs'), /docs: no \*\.test\.ts/);
});

test('the slow tests run by name or by --slow, and not with the everyday ones', () => {
  const everyday = readTestArguments(checkout, checkout, []).files;
  assert.deepEqual(
    everyday.filter((file) => slowTests.includes(file)),
    [],
  );
  assert.deepEqual(readTestArguments(checkout, checkout, ['--slow']).files, [...slowTests].sort());
});
