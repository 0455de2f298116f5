import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, parse, print } from './index.ts';
import { validPrograms2, validPrograms3 } from './syntax/test-programs.ts';
import { corpus } from './syntax/test-trees.ts';

/** All operations of a run whose measurements read 0, 1, 0, 1 and so on. */
function operationsOf(source: string): readonly unknown[] {
  const compiled = compile(source);
  assert.ok(compiled.ok, `${JSON.stringify(!compiled.ok && compiled.errors)} in\n${source}`);
  const bound = compiled.program.bind();
  assert.ok(bound.ok, source);
  const run = bound.start();
  const operations: unknown[] = [];
  for (let operation = run.next(); operation; operation = run.next()) {
    operations.push(operation);
    if (operation.kind === 'measure') run.resolve(operation.id, (operation.id % 2) as 0 | 1);
  }
  return [...operations, run.bits()];
}

function assertSame(source: string): void {
  assert.deepEqual(operationsOf(print(parse(source).tree)), operationsOf(source), source);
}

test('random programs do the same as their canonical and translated texts', () => {
  for (const clifford of [true, false]) {
    const options = { clifford, dynamic: true };
    const property = fc.property(fc.oneof(validPrograms2(options), validPrograms3(options)), assertSame);
    fc.assert(property, { numRuns: 60 });
  }
});

test('the corpus does the same as its canonical text', () => {
  for (const [name, bytes] of corpus('openqasm3')) {
    // These take inputs.
    if (!/parameter/.test(name)) assertSame(new TextDecoder().decode(bytes));
  }
});
