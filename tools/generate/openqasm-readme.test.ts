/** Guarantee: the tables of packages/openqasm/README.md are those of its code, and no mark of a table goes wrong unseen. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CODES, FEATURES } from '../../packages/openqasm/index.ts';
import { root } from '../rooms.ts';
import { staleDocuments } from './documents.ts';
import { openqasmReadme } from './openqasm-readme.ts';

const page = readFileSync(join(root, 'packages/openqasm/README.md'), 'utf8');

test('the page as it stands is current and lists every code and feature with its meaning', async () => {
  assert.deepEqual(await staleDocuments(root, [openqasmReadme()]), []);
  for (const [name, meaning] of Object.entries({ ...CODES, ...FEATURES })) {
    assert.ok(page.includes(`| \`${name}\` | ${meaning} |`), name);
  }
});

test('a changed table is made anew, the text around it stays', () => {
  const changed = page.replace('| `syntax` | the text does not follow the grammar |\n', '');
  assert.notEqual(changed, page);
  assert.equal(openqasmReadme(changed).text, page);
});

test('a table without a place, or a place without a table, is told', () => {
  assert.throws(
    () => openqasmReadme(page.replace('generated: limits', 'generated: limit')),
    /no table is called limit/,
  );
  assert.throws(
    () => openqasmReadme(page.replace('<!-- generated: codes -->', '')),
    /no place for the table codes/,
  );
});
