import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { rooms, root } from '../../tools/rooms.ts';
import { cruiseTree } from './cruise.ts';

/** Fewer modules than this mean that the cruiser has gone blind, not that the project has shrunk. */
const floor = 60;

test('the cruiser reads every TypeScript file of the repository', async () => {
  const folders = rooms.filter((folder) => existsSync(join(root, folder)));
  const { modules } = await cruiseTree(root, folders);
  const read = new Set(modules.map(({ source }) => source));
  const files = globSync(`{${folders.join(',')}}/**/*.ts`, {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
  assert.deepEqual(
    files.filter((file) => !read.has(file)),
    [],
  );
  assert.ok(files.length >= floor, `${files.length} modules, and there were at least ${floor}`);
});

test('TypeScript is 6.0: under 7 the cruiser reads nothing and reports no violation', () => {
  assert.match(ts.version, /^6\.0\./);
});
