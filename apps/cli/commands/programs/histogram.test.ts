/** Guarantee: a histogram tells counts and shares in as many columns as there are, whatever was counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram } from './histogram.ts';

const lengths = (text: string) => text.split('\n').map(({ length }) => length);

test('the likeliest outcomes come first, equal ones by name, with their shares and bars', () => {
  assert.equal(
    histogram({ '11': 1, '00': 2, '01': 1 }, 4, 44),
    [
      '  00  2  50.00%  ███████████████████████████',
      '  01  1  25.00%  █████████████▌',
      '  11  1  25.00%  █████████████▌',
    ].join('\n'),
  );
});

test('a program without bits has one outcome, which says so', () => {
  assert.match(histogram({ '': 1024 }, 1024, 80), /^ {2}\(no bits\) {2}1024 100\.00% {2}█+$/);
});

test('no line is wider than the terminal, with outcomes of hundreds of bits too, which keep their ends', () => {
  const counts = { [`1${'0'.repeat(300)}1`]: 600, [`0${'0'.repeat(300)}0`]: 424 };
  for (const columns of [38, 40, 60, 80, 200]) {
    const text = histogram(counts, 1024, columns);
    assert.ok(Math.max(...lengths(text)) <= columns, `${columns}: ${text}`);
    assert.match(text, /^ {2}10*…0*1 {2}600/);
    assert.match(text, /█/);
  }
});

test('where there is no room for bars there are none', () => {
  const text = histogram({ [`1${'0'.repeat(50)}`]: 10 }, 10, 30);
  assert.doesNotMatch(text, /[█▏]/);
  assert.ok(Math.max(...lengths(text)) <= 30, text);
});

test('a rare outcome still has a bar, and counts align', () => {
  const [, rare = ''] = histogram({ 0: 999_999, 1: 1 }, 1_000_000, 80).split('\n');
  assert.match(rare, /^ {2}1 {7}1 {3}0\.00% {2}▏$/);
});

test('of a million outcomes the first twenty are shown, and the others counted', () => {
  const counts = Object.fromEntries(
    Array.from({ length: 1_000_000 }, (_, at) => [at.toString(2).padStart(20, '0'), 1]),
  );
  const rows = histogram(counts, 1_000_000, 80).split('\n');
  assert.equal(rows.length, 21);
  assert.match(rows[0] ?? '', /^ {2}0{20} {2}1 {3}0\.00%/);
  assert.equal(rows[20], '  and 999980 other outcomes in 999980 shots; --json prints them all');
  const one = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [String(at), 1]));
  assert.match(histogram(one, 21, 80), /and 1 other outcome in 1 shot;/);
});
