import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { keepSecret, prepareHome } from './home-files.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'qhub-home-files-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('processes that keep a secret at once all get the same one, and leave nothing else behind', async () => {
  const module = new URL('home-files.ts', import.meta.url).href;
  const script = `import { keepSecret, prepareHome } from '${module}'; process.stdout.write(keepSecret(${JSON.stringify(home)}, 'secret'));`;
  const runs = Array.from({ length: 8 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]),
  );
  const secrets = (await Promise.all(runs)).map(({ stdout }) => stdout);
  assert.equal(new Set(secrets).size, 1);
  assert.equal(keepSecret(home, 'secret'), secrets[0]);
  assert.deepEqual(readdirSync(home), ['secret']);
});

test('an empty file is no secret: it is filled, readable by its owner only', () => {
  writeFileSync(join(home, 'secret'), '\n');
  const secret = keepSecret(home, 'secret');
  assert.match(secret, /^[\w-]{43}$/);
  assert.equal(keepSecret(home, 'secret'), secret);
  assert.equal(statSync(join(home, 'secret')).mode & 0o777, 0o600);
});

test('a home below a folder in which nothing can be made is refused, and does not hang', () => {
  assert.throws(() => prepareHome('/proc/nowhere/home'), { code: 'database.server_home_unwritable' });
  prepareHome(join(home, 'a', 'b'));
  assert.ok(statSync(join(home, 'a', 'b')).isDirectory());
});
