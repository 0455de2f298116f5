import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchor, blocks, code, table } from './markdown.ts';

test('code keeps backticks of its text', () => {
  assert.equal(code('a'), '`a`');
  assert.equal(code('a`b'), '``a`b``');
  assert.equal(code('`a`'), '`` `a` ``');
});

test('a cell cannot break its table', () => {
  assert.equal(
    table(['a', 'b'], [['x | y', 'line\nbreak']]),
    '| a | b |\n| --- | --- |\n| x \\| y | line break |\n',
  );
  assert.equal(table(['a'], []), '');
});

test('anchors are those that GitHub makes', () => {
  assert.equal(anchor('identity.user_api_keys'), '#identityuser_api_keys');
  assert.equal(anchor('Data model: a-b'), '#data-model-a-b');
});

test('blocks stand one blank line apart, and empty ones vanish', () => {
  assert.equal(blocks('a\n', '', '\nb'), 'a\n\nb\n');
});
