import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findFault } from './require-node.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qhub checkout '));
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "dependencies": { "node": "24.21.0" } }');
});
afterEach(() => rmSync(root, { recursive: true }));

const version = '24.21.0';

test('a checkout without npm ci is told to run it', () => {
  assert.match(findFault({ root, version }) ?? '', /packages are not installed: run `npm ci` in /);
});

test('a wrong Node beside a complete install is told which commands run the right one', () => {
  install('.package-lock.json', 'node/bin/node');
  assert.match(
    findFault({ root, version: '20.20.2' }) ?? '',
    /needs Node 24\.21\.0 and this is Node 20\.20\.2: use `npm start/,
  );
});

test('an install without the bundled Node names --ignore-scripts and NODE_ENV=production', () => {
  install('.package-lock.json', 'node/package.json');
  assert.match(
    findFault({ root, version: '20.20.2' }) ?? '',
    /not with --ignore-scripts or NODE_ENV=production/,
  );
});

test('an older or another Node than the pinned one is refused, a newer of its major is not', () => {
  install('.package-lock.json', 'node/bin/node');
  const refused = ['24.20.9', '22.30.0', '26.0.0'].filter(
    (old) => findFault({ root, version: old }) !== null,
  );
  assert.deepEqual(refused, ['24.20.9', '22.30.0', '26.0.0']);
  assert.deepEqual(
    ['24.21.0', '24.22.1'].map((good) => findFault({ root, version: good })),
    [null, null],
  );
});

test('tests and checks say that development packages are missing; the product does not need them', () => {
  install('.package-lock.json', 'node/bin/node');
  assert.match(findFault({ root, version, development: true }) ?? '', /development packages are missing/);
  assert.equal(findFault({ root, version }), null);
});

test('a program that starts too early prints one sentence, no stack trace, and exits with 1', () => {
  mkdirSync(join(root, 'tools'));
  cpSync(join(import.meta.dirname, 'require-node.js'), join(root, 'tools/require-node.js'));
  cpSync(join(import.meta.dirname, 'run-tests.js'), join(root, 'tools/run-tests.js'));
  const run = spawnSync(process.execPath, [join(root, 'tools/run-tests.js')], { encoding: 'utf8' });
  assert.equal(run.status, 1);
  assert.equal(run.stdout, '');
  assert.match(run.stderr, /^Quantum Hub's packages are not installed: run `npm ci` in .*\n$/);
});

function install(...files: string[]): void {
  for (const file of files) {
    mkdirSync(join(root, 'node_modules', file, '..'), { recursive: true });
    writeFileSync(join(root, 'node_modules', file), '');
  }
}
