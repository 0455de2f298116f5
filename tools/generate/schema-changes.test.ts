/** Guarantee: whoever upgrades finds every migration, what breaks first, and never a page that is older than the migrations. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Migration, readMigrations } from '../../services/shared/database/admin.ts';
import { makeCheckout } from '../../tests/test-checkout.ts';
import { schemaChanges } from './schema-changes.ts';

function migration(name: string, header: Partial<Migration['up']['header']> = {}, down = header): Migration {
  const whole = { description: `Does ${name}.`, hazards: [], reversible: 'yes', transaction: 'one' } as const;
  const file = { path: '', text: '', statements: [] };
  return {
    name,
    up: { ...file, header: { ...whole, breaking: undefined, ...header } },
    down: { ...file, header: { description: '', transaction: down.transaction ?? 'one' } },
    sha256: '',
  };
}

const first = migration('20270101T000000_first', {
  breaking: 'say phone_number, not phone',
  hazards: ['rename'],
});
const second = migration('20270102T000000_second', { transaction: 'none' });
const third = migration('20270103T000000_third', { reversible: 'loses data', transaction: 'none' }, {});

const textOf = (...migrations: Migration[]) => schemaChanges(migrations).text;

test('every migration of the hub has a section, newest first', () => {
  const sections = [...schemaChanges().text.matchAll(/^### `(.+)`$/gm)].map(([, name]) => name);
  assert.deepEqual(
    sections,
    readMigrations()
      .map(({ name }) => name)
      .toReversed(),
  );
});

test('breaking changes stand above all others, newest first, with what to do and a link', () => {
  const other = migration('20270104T000000_fourth', { breaking: 'stop reading the flag' });
  const text = textOf(first, second, other);
  const [, top = ''] = /## Breaking changes\n([\s\S]*)## All changes/.exec(text) ?? [];
  const rows = top.trim().split('\n').slice(2);
  assert.deepEqual(rows, [
    '| 2027-01-04 | stop reading the flag | [`20270104T000000_fourth`](#20270104t000000_fourth) |',
    '| 2027-01-01 | say phone\\_number, not phone | [`20270101T000000_first`](#20270101t000000_first) |',
  ]);
  assert.match(textOf(second), /## Breaking changes\n\nNone so far\.\n/);
});

test('a section tells date, hazards, the way back and how it runs', () => {
  const text = textOf(first, second, third);
  for (const line of [
    '- date: 2027-01-01',
    '- breaking: **yes**: say phone\\_number, not phone',
    '- hazards allowed: `rename`',
    '- can be taken back: yes',
    '- transaction: one',
    '- transaction: none: its statement runs alone',
    '- can be taken back: yes, but rows or values are lost on one of the ways (`down --allow-data-loss`)',
    '- transaction: none: its statement runs alone; on the way down one',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
});

test('`npm run generate -- --check` fails by name when a migration came without the page', () => {
  using checkout = makeCheckout();
  const check = () =>
    spawnSync(process.execPath, ['tools/generate.ts', '--check'], { cwd: checkout.path, encoding: 'utf8' });
  assert.doesNotMatch(check().stderr, /schema-changes/);
  const name = '29990101T000000_later';
  const folder = join(checkout.path, 'services/shared/database/migrations');
  const header = [
    'Description: Later.',
    'Hazards: none',
    'Reversible: yes',
    'Breaking: no',
    'Transaction: one',
  ].map((line) => `-- ${line}`);
  appendFileSync(join(folder, 'ORDER'), `${name}\n`);
  writeFileSync(join(folder, `versions/${name}.up.sql`), `${header.join('\n')}\n\nselect 1;\n`);
  writeFileSync(join(folder, `versions/${name}.down.sql`), '-- Description: Back.\n\nselect 1;\n');
  const { status, stderr } = check();
  assert.equal(status, 1);
  assert.match(stderr, /^docs\/schema-changes\.md is stale$/m);
  assert.match(stderr, /run `npm run generate` and commit what it changes\n$/);
});

test('signs that act in Markdown and in tables are shown as they are', () => {
  const text = textOf(migration('20270101T000000_signs', { breaking: 'use a|b, not <c> or `d`' }));
  const shown = 'not \\<c\\> or \\`d\\`';
  assert.ok(text.includes(`| use a\\|b, ${shown} |`));
  assert.ok(text.includes(`**yes**: use a|b, ${shown}\n`));
});
