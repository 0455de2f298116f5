import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { rooms, root } from '../../tools/rooms.ts';

const lineLimit = 500;

/** Written by a program: nobody edits them line by line, and their generator decides on names and length. */
const generated = [
  /(^|\/)package-lock\.json$/,
  /^benchmarks\/results\//,
  /^(openapi\.json|packages\/client\/schema\.ts)$/,
  /^docs\/schemas\//,
  /^packages\/client\/schema\.ts$/,
  /^docs\/(data-model|errors|schema-changes)[./]/,
  /\/migrations\/versions\//,
  /(^|\/)generated\//,
];

/** Names that a tool or a habit of the whole field prescribes. */
const prescribedNames = new Set([
  'README.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'Dockerfile',
  'ORDER',
  'CHANGELOG.md',
]);

/** Data that others know by its names. */
const keptNames = /^devices\/conformance\/corpus\//;

/** Configuration whose tool reads nothing but a default export. */
const defaultExportsAllowed = [/^apps\/console\/vite\.config\.ts$/];

const files = handWritten();
const code = files.filter((file) => /\.(ts|tsx|js|mjs|cjs)$/.test(file));

test('no hand-written file is over 500 lines', () => {
  const long = files.map((file) => ({ file, lines: text(file).split('\n').length - 1 }));
  assert.deepEqual(
    long.filter(({ lines }) => lines > lineLimit),
    [],
  );
});

test('half of the source files are at most 100 lines long', () => {
  const lengths = code
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => text(file).split('\n').length - 1);
  const median = lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
  assert.ok(median <= 100, `the median is ${median} lines`);
});

test('file and folder names are kebab-case', () => {
  assert.deepEqual(files.filter(isBadlyNamed), []);
});

test('relative imports end in .ts or .js, as type stripping needs them', () => {
  const bad = code.flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(text(file), true, true);
    const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
    return relative
      .filter((name) => !/\.(ts|tsx|js|cjs|mjs|json|css)$/.test(name))
      .map((name) => `${file}: ${name}`);
  });
  assert.deepEqual(bad, []);
});

test('exports have names', () => {
  const candidates = code.filter((file) => !defaultExportsAllowed.some((allowed) => allowed.test(file)));
  assert.deepEqual(candidates.filter(hasDefaultExport), []);
});

test('no reminder is left behind instead of a deed', () => {
  const words = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`);
  assert.deepEqual(
    code.filter((file) => words.test(text(file))),
    [],
  );
});

/** By pattern and not by `git ls-files`: the tests also run in a tree without git. */
function handWritten(): string[] {
  const patterns = [`{${[...rooms, 'docs', '.ci'].join(',')}}/**/*.*`, '.ci/*', '{.,}*.{md,json,yml,js,cjs}'];
  const exclude = (name: string) => name === 'node_modules';
  const found = globSync(patterns, { cwd: root, exclude }).filter((file) =>
    statSync(join(root, file)).isFile(),
  );
  return found.filter((file) => !generated.some((pattern) => pattern.test(file)));
}

function text(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function isBadlyNamed(file: string): boolean {
  if (prescribedNames.has(basename(file)) || keptNames.test(file)) return false;
  const segment = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
  return !file.split('/').every((part) => segment.test(part));
}

function hasDefaultExport(file: string): boolean {
  const source = ts.createSourceFile(file, text(file), ts.ScriptTarget.Latest);
  return source.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return !statement.isExportEquals;
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
  });
}
