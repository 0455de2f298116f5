import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeSource } from './decode.ts';
import type { Finding } from './diagnostic.ts';
import { Findings, MOST_FINDINGS } from './findings.ts';
import { SourceText } from './source-text.ts';
import { suggest } from './suggest.ts';

const finding = (start: number, message = 'wrong'): Finding => ({
  start,
  end: start + 1,
  code: 'syntax',
  message,
  expected: 'right',
});

test('a byte is told as no UTF-8 exactly where a strict decoder fails', () => {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc
      .array(
        fc.constantFrom(
          0x41,
          0xc3,
          0xa9,
          0xe2,
          0x82,
          0xac,
          0xf0,
          0x9f,
          0x98,
          0x80,
          0xed,
          0xa0,
          0xf4,
          0x90,
          0xc0,
        ),
      )
      .map((list) => Uint8Array.from(list)),
  );
  const property = fc.property(bytes, (source) => {
    let text: string | undefined;
    try {
      text = strict.decode(source);
    } catch {
      text = undefined;
    }
    const decoded = decodeSource(source, 100);
    assert.equal(decoded.finding?.code, text === undefined ? 'encoding' : undefined);
    if (text !== undefined) assert.equal(decoded.text, text);
  });
  fc.assert(property, { numRuns: 1000 });
});

test('the place of a byte that is no UTF-8 is its line and column', () => {
  const { text, finding: found } = decodeSource(
    Uint8Array.from([0x61, 0x0a, 0xc3, 0xa9, 0x62, 0xff, 0x63]),
    100,
  );
  assert.ok(found);
  const { line, column, length } = new SourceText(text).diagnose(found);
  assert.deepEqual({ line, column, length }, { line: 2, column: 3, length: 1 });
});

test('a byte order mark is taken off bytes and strings', () => {
  assert.equal(decodeSource(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61]), 9).text, 'a');
  assert.equal(decodeSource('\uFEFFa', 9).text, 'a');
});

test('the limit counts UTF-8 bytes of strings too', () => {
  assert.equal(decodeSource('é'.repeat(5), 10).finding, undefined);
  assert.equal(decodeSource(`${'é'.repeat(5)}a`, 10).finding?.code, 'limit');
  assert.equal(decodeSource('\u{1F600}', 4).finding, undefined);
  assert.equal(decodeSource('\u{1F600}', 3).finding?.code, 'limit');
});

test('lines end with LF, CR LF or CR, and columns count UTF-16 units', () => {
  const source = new SourceText('ab\r\nc😀d\re\n\nf');
  const place = (text: string) => {
    const start = source.text.indexOf(text);
    const { line, column } = source.locate({ start, end: start + text.length });
    return [line, column];
  };
  assert.deepEqual(['a', 'b', 'c', 'd', 'e', 'f'].map(place), [
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 4],
    [3, 1],
    [5, 1],
  ]);
});

test('a place never reaches past the end of its line', () => {
  const source = new SourceText('abc\ndef');
  assert.deepEqual(source.locate({ start: 1, end: 6 }), { line: 1, column: 2, length: 2 });
  assert.deepEqual(source.locate({ start: 3, end: 3 }), { line: 1, column: 3, length: 1 });
  assert.deepEqual(source.locate({ start: 99, end: 120 }), { line: 2, column: 3, length: 1 });
  assert.deepEqual(new SourceText('').locate({ start: 0, end: 0 }), { line: 1, column: 1, length: 0 });
});

test('a place in an included file tells the file', () => {
  const source = new SourceText('abc');
  const first = source.add('one.inc', 'x\ny');
  const second = source.add('two.inc', 'z');
  assert.deepEqual(source.locate({ start: first.base + 2, end: first.base + 3 }), {
    line: 2,
    column: 1,
    length: 1,
    file: 'one.inc',
  });
  assert.equal(source.locate({ start: second.base, end: second.base + 1 }).file, 'two.inc');
  assert.equal('file' in source.locate({ start: 2, end: 3 }), false);
});

test('findings are told once, in the order of the text, and not without end', () => {
  const findings = new Findings();
  for (const start of [5, 1, 5, 3]) findings.add(finding(start));
  assert.deepEqual(
    findings.sorted().map(({ start }) => start),
    [1, 3, 5],
  );
  for (let start = 10; start < 200; start++) findings.add(finding(start));
  assert.equal(findings.count, MOST_FINDINGS);
  assert.equal(findings.full, true);
});

test('the suggested name is the nearest within few edits', () => {
  const names = ['cx', 'ccx', 'measure', 'qubit', 'reset', 'q'];
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['mesure', 'measure'],
    ['maesure', 'measure'],
    ['qbit', 'qubit'],
    ['cxx', 'cx'],
    ['Q', 'q'],
    ['r', undefined],
    ['frobnicate', undefined],
    ['reset', undefined],
    ['a'.repeat(1000), undefined],
  ];
  for (const [name, expected] of cases) assert.equal(suggest(name, names), expected, name);
});
