import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceFile, SourceText } from '../source/source-text.ts';
import { K } from './keywords.ts';
import { lex } from './lexer.ts';
import { Pass } from './pass.ts';
import { T } from './token-kinds.ts';

/** Kinds and texts of the tokens of a text, without the end. */
function tokensOf(text: string, version: 2 | 3 = 3): readonly (readonly [number, string])[] {
  const pass = new Pass();
  const { tokens } = lex(new SourceText(text).files[0] as SourceFile, version, pass);
  assert.equal(pass.findings.count, 0, text);
  return Array.from({ length: tokens.count - 1 }, (_, index) => {
    return [tokens.kinds[index] as number, text.slice(tokens.starts[index], tokens.ends[index])] as const;
  });
}

test('every literal is one token of its kind', () => {
  const literals: readonly (readonly [number, readonly string[]])[] = [
    [T.decimal, ['0', '12', '1_000', '007']],
    [T.binary, ['0b1', '0B1_01']],
    [T.octal, ['0o17']],
    [T.hex, ['0xAf', '0X1_f']],
    [T.float, ['1.', '.5', '1.5', '1e3', '1.e-3', '1_0.2_5E+1_0']],
    [T.imaginary, ['1im', '2.5im', '3 \tim', '1e3im']],
    [T.time, ['1s', '1.5ms', '2us', '2µs', '2μs', '10 ns', '1_0dt', '.5s']],
    [T.string, ['"01"', "'a b'", '"a.inc"']],
    [T.hardwareQubit, ['$0', '$123']],
    [T.identifier, ['a', '_1', 'θ', 'π', 'ℇ', 'Ünï1', 'ǅ', 'ʰ', 'ⅷ', '𝒜b']],
  ];
  for (const [kind, texts] of literals) {
    for (const text of texts) {
      assert.deepEqual(tokensOf(text), [[kind, text]]);
      assert.deepEqual(tokensOf(`${text};`), [
        [kind, text],
        [T.semicolon, ';'],
      ]);
    }
  }
});

test('the longest symbol wins', () => {
  const texts = (source: string) => tokensOf(source).map(([, text]) => text);
  assert.deepEqual(texts('a**=b**c*=d'), ['a', '**=', 'b', '**', 'c', '*=', 'd']);
  assert.deepEqual(texts('a<<=b<<c<=d<e'), ['a', '<<=', 'b', '<<', 'c', '<=', 'd', '<', 'e']);
  assert.deepEqual(texts('a->b-c++d+=e~=f!=!g'), 'a -> b - c ++ d += e ~= f != ! g'.split(' '));
  assert.deepEqual(texts('a&&b&c||d|e'), ['a', '&&', 'b', '&', 'c', '||', 'd', '|', 'e']);
});

test('a unit belongs to the number before it only where it ends as a word', () => {
  assert.deepEqual(tokensOf('2 say'), [
    [T.decimal, '2'],
    [T.identifier, 'say'],
  ]);
  assert.deepEqual(tokensOf('2\ns'), [
    [T.decimal, '2'],
    [T.identifier, 's'],
  ]);
});

test('lines are taken whole after pragma and annotations, and @ elsewhere is a symbol', () => {
  assert.deepEqual(tokensOf('pragma a ; b\n#pragma c\n'), [
    [T.pragma, 'pragma a ; b'],
    [T.pragma, '#pragma c'],
  ]);
  assert.deepEqual(tokensOf('@a.b c; d\nx'), [
    [T.annotation, '@a.b c; d'],
    [T.identifier, 'x'],
  ]);
  assert.deepEqual(tokensOf('ctrl @x'), [
    [K.ctrl, 'ctrl'],
    [T.at, '@'],
    [T.identifier, 'x'],
  ]);
});

test('calibrations are taken raw', () => {
  const kinds = tokensOf('defcal x $0 { a {"} } b').map(([kind]) => kind);
  assert.deepEqual(kinds, [
    K.defcal,
    T.identifier,
    T.hardwareQubit,
    T.leftBrace,
    T.calibration,
    T.rightBrace,
    T.identifier,
  ]);
  assert.deepEqual(tokensOf('cal {}')[2], [T.calibration, '']);
  assert.deepEqual(tokensOf('cal a', 2), [
    [K.cal, 'cal'],
    [T.identifier, 'a'],
  ]);
});

test('comments are no tokens, and do not nest', () => {
  assert.deepEqual(tokensOf('a // b\r/* c /* d */ e'), [
    [T.identifier, 'a'],
    [T.identifier, 'e'],
  ]);
});
