import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, parse, print } from './index.ts';
import { validPrograms2, validPrograms3 } from './syntax/test-programs.ts';
import { corpus } from './syntax/test-trees.ts';

function assertCompiles(source: string): void {
  const compiled = compile(source);
  assert.ok(compiled.ok, `${JSON.stringify(!compiled.ok && compiled.errors)} in\n${source}`);
}

test('random programs are right, and so are their canonical and translated texts', () => {
  for (const clifford of [true, false]) {
    const options = { clifford, dynamic: true };
    const property = fc.property(fc.oneof(validPrograms2(options), validPrograms3(options)), (source) => {
      assertCompiles(source);
      assertCompiles(print(parse(source).tree));
    });
    fc.assert(property, { numRuns: 60 });
  }
});

test('the canonical text of the corpus is right', () => {
  for (const bytes of corpus('openqasm3').values()) assertCompiles(print(parse(bytes).tree));
});
