/** Guarantee: what the README says is covered compiles, what it says is not is refused as it says, and the tests it names exist. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, compile, ProgramError } from './index.ts';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

const HEAD_3 = 'OPENQASM 3.1; include "stdgates.inc"; qubit[4] q; bit[4] c;\n';
const HEAD_2 = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[4]; creg c[4];\n';

/** The rows of the table whose first column is called so, a text for each cell. */
function rowsOf(head: string): string[][] {
  const lines = readme.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2;
  const to = lines.findIndex((line, index) => index >= from && !line.startsWith('|'));
  return lines.slice(from, to).map((line) => line.slice(2, -2).split(' | '));
}

/** The text of a span of code. */
const codeOf = (cell = '') => /^`(.+)`$/.exec(cell)?.[1] ?? assert.fail(`no code: ${cell}`);

const covered = [
  ...rowsOf('OpenQASM 3.1').map((cells) => ({ cells, head: HEAD_3 })),
  ...rowsOf('OpenQASM 2').map((cells) => ({ cells, head: HEAD_2 })),
];

test('each example of what is covered compiles', () => {
  assert.ok(covered.length > 40, `${covered.length} rows`);
  for (const { cells, head } of covered) {
    const example = codeOf(cells[1]);
    // An annotation stands before a statement, on a line of its own.
    assert.deepEqual(check(`${head}${example}${example.startsWith('@') ? '\nx q[0];' : ''}\n`), [], example);
  }
});

test('each test that the table names exists', () => {
  for (const { cells } of covered) {
    const [, path, name] =
      /^`([\w/-]+\.test\.ts)`: (.+)$/.exec(cells[2] ?? '') ?? assert.fail(cells.join(' | '));
    const text = readFileSync(join(import.meta.dirname, path as string), 'utf8');
    assert.ok(text.includes(`'${name}'`), `${path} has no test called '${name}'`);
  }
  for (const [, path] of readme.matchAll(/\(`([\w/-]+\.test\.ts)`/g)) {
    assert.doesNotThrow(() => readFileSync(join(import.meta.dirname, path as string)));
  }
});

test('each example of what is not run is refused with its code', () => {
  const rows = rowsOf('not run');
  assert.ok(rows.length > 5, `${rows.length} rows`);
  for (const [, example, code] of rows) {
    assert.equal(refusalOf(HEAD_3 + codeOf(example)), codeOf(code), example);
  }
});

/** The code of the one error that a program leads to, checked or run. */
function refusalOf(source: string): string | undefined {
  const result = compile(source);
  if (!result.ok) return result.errors.map(({ code }) => code).join(' ');
  const bound = result.program.bind();
  assert.ok(bound.ok);
  const run = bound.start();
  try {
    while (run.next());
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ProgramError);
    return error.diagnostic.code;
  }
}
