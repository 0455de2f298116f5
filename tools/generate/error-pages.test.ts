import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogue, type ErrorEntry } from '../../services/shared/kernel/index.ts';
import { root } from '../rooms.ts';

const folder = join(root, 'docs/errors');
const rooms = readdirSync(folder).filter((name) => name !== 'README.md');

/** Sections of the pages on disk, read without the generator: code -> text below its heading. */
const sections = new Map(
  rooms.flatMap((page) =>
    readFileSync(join(folder, page), 'utf8')
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading = '', ...lines] = section.split('\n');
        return [heading.replaceAll('`', ''), { page, text: lines.join('\n') }] as const;
      }),
  ),
);

test('every code has a section on the page of its room, and every section a code', () => {
  assert.deepEqual([...sections.keys()].toSorted(), Object.keys(catalogue).toSorted());
  for (const [code, { page }] of sections) assert.equal(page, `${code.split('.')[0]}.md`);
});

test('a section shows the status, both texts, the cause and the remedy of the catalogue', () => {
  for (const [code, entry] of Object.entries<ErrorEntry>(catalogue)) {
    const text = sections.get(code)?.text ?? '';
    assert.match(text, new RegExp(`^HTTP ${entry.status} [A-Z]`, 'm'), code);
    for (const part of [entry.message, entry.publicMessage ?? '', entry.why, entry.fix]) {
      assert.ok(text.includes(part), `${code}: the page lacks "${part}"`);
    }
  }
});

test('the index links every code to a heading that exists', () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  const links = Array.from(
    index.matchAll(/^\| \[`([^`]+)`\]\(([^#]+)#([^)]+)\)/gm),
    ([, code, page, anchor]) => ({
      code,
      page,
      anchor,
    }),
  );
  assert.deepEqual(links.map(({ code }) => code).toSorted(), Object.keys(catalogue).toSorted());
  for (const { code = '', page, anchor } of links) {
    assert.equal(page, sections.get(code)?.page);
    assert.equal(anchor, code.replace('.', ''));
  }
});
