/** Guarantee: the examples of packages/client/README.md have the right types, run against a hub, and print what the page says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startTestHub, type TestHub } from '../apps/cli/test-hub.ts';
import type { TestFolder } from '../services/shared/database/testing/index.ts';
import { root } from '../tools/rooms.ts';
import { makeCheckout } from './test-checkout.ts';

const page = readFileSync(join(root, 'packages/client/README.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```\n\nIt prints (.*?)(?:\.\s| after)/g)];

/** Where the package is found as whoever installed it finds it. */
let checkout: TestFolder;
let hub: TestHub;
let key: string;
before(async () => {
  checkout = makeCheckout();
  hub = await startTestHub();
  const made = await hub.qhub('host', ['admin', 'key']);
  key = made.stdout.trim();
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  checkout?.[Symbol.dispose]();
});

function write(name: string, code: string): string {
  const path = join(checkout.path, name);
  const given = `const url: string = ${JSON.stringify(hub.url)};\nconst credential: string = ${JSON.stringify(key)};\n`;
  writeFileSync(path, `${given}${code}`);
  return path;
}

test('the examples print what the page says, one after the other', () => {
  assert.equal(examples.length, (page.match(/```ts\n/g) ?? []).length);
  assert.ok(examples.length >= 3, `${examples.length} examples`);
  for (const [at, [, code = '', told = '']] of examples.entries()) {
    const { stdout, stderr } = spawnSync(process.execPath, [write(`example-${at}.ts`, code)], {
      encoding: 'utf8',
    });
    const expected = [...told.matchAll(/`([^`]+)`/g)].map(([, line]) => line);
    assert.deepEqual([stdout.trim().split('\n'), stderr], [expected, ''], `example ${at + 1}`);
  }
});

test('the compiler takes them as strictly as our own code', () => {
  const files = examples.map(([, code = ''], at) => write(`example-${at}.ts`, code));
  const config = join(checkout.path, 'tsconfig.examples.json');
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', include: [], exclude: [], files }));
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', config],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stdout);
});
