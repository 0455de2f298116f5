import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { databaseSettings } from '@quantum-hub/database';
import { backupSettings } from '@quantum-hub/database/admin';
import { program } from '../apps/cli/program.ts';
import { root } from '../tools/rooms.ts';
import { isShown, play, stepsOf } from './test-page.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('the table of settings lists every setting, with its default and meaning', () => {
  const rows = [...databaseSettings, ...backupSettings].map(
    ({ name, default: value = '', meaning }) => `| \`${name}\` | ${value} | ${meaning} |`,
  );
  const table = ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
  const [, found] = /<!-- settings: .* -->\n([\s\S]*?)<!-- end of settings -->/.exec(readme) ?? [];
  assert.equal(found?.trim(), table, `README.md should have this table:\n${table}`);
});

test('every npm script and every qhub command of the README exists', async () => {
  const named = [...readme.matchAll(/(?:`|^|&& |_password )npm (?:run )?([\w:-]+)/gm)].map(
    ([, name]) => name ?? '',
  );
  assert.ok(named.length >= 10, named.join(', '));
  assert.deepEqual(
    named.filter((name) => name !== 'ci' && !(name in scripts)),
    [],
  );
  const commands = new Set(
    [...readme.matchAll(/npx qhub ((?:[a-z]+ ?)+?)(?= ?(?:--|&&|[`\n]))/g)].map(
      ([, words]) => words?.trim() ?? '',
    ),
  );
  assert.ok(commands.size >= 8, [...commands].join(', '));
  const known = namesOf(await program());
  assert.deepEqual(
    [...commands].filter((command) => !known.has(command)),
    [],
  );
});

test('every program of the README runs, and prints what is shown', async () => {
  const [, section = ''] = /\n## Run a quantum program without a hub\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const steps = stepsOf(section);
  assert.ok(steps.length >= 5);
  for (const step of steps) {
    if (step.kind !== 'run' || step.shown === undefined) throw new Error(`line ${step.line} is no command`);
    const command = step.command.replace(/^npx qhub /, `'${process.execPath}' apps/cli/qhub.js `);
    const printed = await play({ ...step, command }, root, process.env);
    assert.ok(isShown(step.shown, printed), `${step.command} printed\n${printed}`);
  }
});

test('every path that the README links to or names exists', () => {
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path ?? '');
  const places = [
    ...readme.matchAll(
      /`((?:services|apps|docs|benchmarks|tests|tools|devices|packages|examples)\/[\w/.-]*)`/g,
    ),
  ].map(([, path]) => path ?? '');
  assert.deepEqual(
    [...links, ...places].filter((path) => !existsSync(join(root, path))),
    [],
  );
});

/** The commands below one, with the words that lead to them. */
function namesOf(command: Awaited<ReturnType<typeof program>>, words: readonly string[] = []): Set<string> {
  const below = command.commands.flatMap((one) => [...namesOf(one, [...words, one.name()])]);
  return new Set([...(words.length > 0 ? [words.join(' ')] : []), ...below]);
}
