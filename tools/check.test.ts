import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

let house: string;

before(() => {
  house = mkdtempSync(join(tmpdir(), 'qhub-check-'));
  const scripts = {
    'check:broken': 'echo what is wrong && exit 3',
    'check:fine': 'echo 7 files read',
    other: 'exit 1',
  };
  writeFileSync(join(house, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  mkdirSync(join(house, 'tools'));
  for (const file of ['check.ts', 'rooms.ts'])
    cpSync(join(import.meta.dirname, file), join(house, 'tools', file));
});
after(() => rmSync(house, { recursive: true }));

const check = (...names: string[]) =>
  spawnSync(process.execPath, [join(house, 'tools/check.ts'), ...names], { encoding: 'utf8' });

test('a check that fails shows all it said, does not stop the next one, and the run fails', () => {
  const { status, stdout } = check();
  assert.equal(status, 1);
  assert.match(stdout, /^what is wrong\nFAILED broken .* s {2}\(echo what is wrong && exit 3\)$/m);
  assert.match(stdout, /^ok {5}fine .* s {2}7 files read\ncheck failed: broken\n$/m);
});

test('checks can be run by name, and only those of package.json that are checks', () => {
  assert.equal(check('fine').status, 0);
  const { status, stderr } = check('other');
  assert.equal(status, 1);
  assert.equal(stderr, 'no such check: other; there are broken, fine\n');
});
