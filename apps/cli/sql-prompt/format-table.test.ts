import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from './format-table.ts';

const columns = [
  { name: 'id', rightAligned: true },
  { name: 'word', rightAligned: false },
];

test('rows stand under their headings, numbers to the right, NULL empty, line breaks in lines of their own', () => {
  const rows = [
    ['1', 'a\nbc'],
    ['10', null],
  ];
  assert.equal(
    formatTable(columns, rows),
    [' id | word', '----+------', '  1 | a', '    | bc', ' 10 |', '(2 rows)'].join('\n'),
  );
  assert.match(formatTable(columns, [['1', 'a']]), /\(1 row\)$/);
});

test('a value cannot colour or clear the terminal', () => {
  assert.doesNotMatch(formatTable(columns, [['1', 'x\u001b[2J\u0007\u009b31m']]), /[^\P{Cc}\n]/u);
});
