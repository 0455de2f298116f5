import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { format } from './format.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';
import { places } from './test-errors.ts';
import { validPrograms2, validPrograms3 } from './test-programs.ts';
import { corpus } from './test-trees.ts';

const HEAD = 'OPENQASM 3.0;\n';

test('nesting of every kind ends in one limit error, never in a stack overflow', () => {
  const n = 100_000;
  const deep = [
    `a = ${'('.repeat(n)}`,
    `a = ${'-'.repeat(n)}1;`,
    `a = ${'f('.repeat(n)}`,
    `a = ${'b['.repeat(n)}`,
    `a = b${'[0]'.repeat(n)};`,
    `a = 1${'+1'.repeat(n)};`,
    `a = 1${'**1'.repeat(n)};`,
    `a = ${'int('.repeat(n)}`,
    `array[int, 1] a = ${'{'.repeat(n)}`,
    '{'.repeat(n),
    'if (a) '.repeat(n),
    'while (a) {'.repeat(n),
    `if (a) {}${' else if (a) {}'.repeat(n)}`,
    'switch (a) { case 1 {'.repeat(n),
    `a = ${'durationof({ a = '.repeat(n)}`,
    'box {'.repeat(n),
    'complex[float['.repeat(n),
  ];
  for (const text of deep) {
    const codes = parse(HEAD + text).errors.map(({ code }) => code);
    assert.deepEqual(codes.filter((code) => code === 'limit').length <= 1, true);
    assert.ok(codes.length > 0, text.slice(0, 30));
    if (!text.startsWith('complex')) assert.ok(codes.includes('limit'), text.slice(0, 30));
  }
});

test('a chain of operators up to the bound is read and printed', () => {
  const text = `${HEAD}a = 1${' + 1'.repeat(900)};\n`;
  assert.equal(print(parse(text).tree), text);
});

test('each limit is one error that names it', () => {
  const limit = (limits: object) =>
    parse(`${HEAD}x q; x q; x q;`, { limits }).errors.map((e) => [e.code, e.message]);
  assert.deepEqual(limit({ bytes: 10 }), [['limit', 'The program is longer than the limit of 10 bytes.']]);
  assert.deepEqual(limit({ tokens: 5 }), [['limit', 'The program has more than 5 tokens.']]);
  assert.deepEqual(limit({ milliseconds: 0 }), [
    ['limit', 'Reading the program took longer than the limit of 0 ms.'],
  ]);
  assert.deepEqual(limit({ nesting: 200 }), []);
});

test('random bytes give positioned errors and nothing else', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    for (const { line, column } of parse(bytes).errors) assert.ok(line >= 1 && column >= 1);
  });
  fc.assert(property, { numRuns: 300 });
});

const PIECES = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '"',
  "'",
  '/*',
  '//',
  '\n',
  '@',
  '#',
  '$',
  'é',
  '=',
  '->',
  '++',
  ' cal ',
  ' defcal ',
  ' gate ',
  ' if ',
  ' else ',
  ' switch ',
  ' case ',
  ' def ',
  ' pragma ',
  ' in ',
  ' measure ',
  'OPENQASM 2.0;',
  '0x',
  '1e',
  ':',
  '**',
  '\u0000',
  '\ud800',
];

test('mutated programs never throw, keep their errors within the text, and stay fast', () => {
  const sources = [...corpus('openqasm3').values(), ...corpus('invalid').values()].map((b) =>
    new TextDecoder().decode(b),
  );
  const source = fc.oneof(
    fc.constantFrom(...sources),
    validPrograms2({ dynamic: true }),
    validPrograms3({ dynamic: true }),
  );
  const edit = fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.constantFrom('', ...PIECES));
  const property = fc.property(source, fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
    let mutated = text;
    for (const [place, removed, piece] of edits) {
      const at = place % (mutated.length + 1);
      mutated = mutated.slice(0, at) + piece + mutated.slice(at + removed);
    }
    const lines = mutated.split(/\r\n|\r|\n/);
    const { errors, tree } = parse(mutated);
    for (const { line, column, length } of errors) {
      const width = lines[line - 1]?.length ?? -1;
      assert.ok(column >= 1 && column - 1 + length <= width && (length > 0 || width === 0), mutated);
    }
    if (errors.length === 0) assert.equal(typeof print(tree), 'string');
    format(mutated);
  });
  fc.assert(property, { numRuns: 500, interruptAfterTimeLimit: 15_000 });
});

test('time grows with the size of the text, for texts made to be slow', () => {
  const slow = [
    'cal ',
    'a(',
    'x/*',
    '"',
    '@a\n',
    'a[',
    '} ',
    'é',
    '0x',
    'defcal a { ',
    'if (',
    'gate a{',
    'x q /* c */',
  ];
  for (const piece of slow) {
    const started = performance.now();
    const text = HEAD + piece.repeat(Math.ceil(1e6 / piece.length));
    parse(text);
    format(text);
    // A megabyte takes some 0.2 s; a quadratic path would take minutes.
    assert.ok(performance.now() - started < 20_000, piece);
  }
});

test('errors of a text of one line do not cost its length each', () => {
  assert.equal(places(`${HEAD}${'x +; '.repeat(200_000)}`).length, 50);
});
