import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { format } from './format.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';
import { syntaxPrograms } from './test-grammar.ts';
import { validPrograms2, validPrograms3 } from './test-programs.ts';
import { corpus, treeOf, withoutSpans } from './test-trees.ts';

function assertPrintsBack(source: string): void {
  const tree = treeOf(source);
  const text = print(tree);
  assert.deepEqual(withoutSpans(treeOf(text)), withoutSpans(tree), text);
  assert.equal(print(treeOf(text)), text);
}

test('what is printed reads back as the same tree, for programs of the whole grammar', () => {
  fc.assert(fc.property(syntaxPrograms, assertPrintsBack), { numRuns: 300 });
});

test('what is printed reads back as the same tree, for programs with a meaning', () => {
  fc.assert(fc.property(validPrograms3({ dynamic: true }), assertPrintsBack), { numRuns: 100 });
});

test('a translated OpenQASM 2 program is OpenQASM 3 and prints as itself from then on', () => {
  const property = fc.property(validPrograms2({ dynamic: true }), (source) => {
    const text = print(treeOf(source));
    assert.equal(treeOf(text).version.major, 3);
    assert.equal(print(treeOf(text)), text);
  });
  fc.assert(property, { numRuns: 100 });
});

test('formatting keeps the tree and changes nothing the second time', () => {
  const programs = fc.oneof(
    syntaxPrograms,
    validPrograms2({ dynamic: true }),
    validPrograms3({ dynamic: true }),
  );
  const property = fc.property(programs, (source) => {
    const once = format(source);
    assert.ok(once.ok, source);
    const twice = format(once.text);
    assert.ok(twice.ok, once.text);
    assert.equal(twice.text, once.text);
    assert.deepEqual(withoutSpans(treeOf(once.text)), withoutSpans(treeOf(source)), once.text);
  });
  fc.assert(property, { numRuns: 200 });
});

test('the corpus prints back as itself', () => {
  for (const [name, bytes] of corpus('openqasm3')) {
    const { tree, errors } = parse(bytes);
    assert.deepEqual(errors, [], name);
    assert.deepEqual(withoutSpans(treeOf(print(tree))), withoutSpans(tree), name);
  }
});

test('brackets are added where a tree made by hand needs them', () => {
  const [statement] = treeOf('a = (b + c) * -d;').statements;
  assert.ok(statement?.kind === 'assignment' && statement.value.kind === 'binary');
  const { left } = statement.value;
  assert.ok(left.kind === 'parenthesized');
  const bare = { ...statement, value: { ...statement.value, left: left.expression } };
  const tree = { ...treeOf('x q;'), statements: [bare] };
  assert.equal(print(tree), 'a = (b + c) * -d;\n');
});
