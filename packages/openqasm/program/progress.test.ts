import assert from 'node:assert/strict';
import test from 'node:test';
import { compiled } from '../check/test-program.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc"; qubit q;\n';

/** What a run says of its progress, at its start and after each operation. */
function sharesOf(program: string): number[] {
  const bound = compiled(HEAD + program).bind();
  assert.ok(bound.ok);
  const run = bound.start();
  const shares = [run.progress()];
  for (let operation = run.next(); operation; operation = run.next()) {
    if (operation.kind === 'measure') run.resolve(operation.id, 1);
    shares.push(run.progress());
  }
  shares.push(run.progress());
  return shares;
}

test('a run tells how much of it is done, from 0 to 1, and never less than before', () => {
  const programs = [
    '',
    'x q; '.repeat(20),
    'for int i in [0:9] { x q; for int j in {1, 2, 3} { y q; z q; } if (i > 4) { continue; } h q; }',
    'gate g a { x a; y a; } pow(7) @ g q; h q;',
    'def f(qubit a) { x a; for int i in [0:3] { y a; } } f(q); f(q); z q;',
    'int i; while (i < 5) { i += 1; x q; } y q; for int k in [0:-1:5] { x q; } z q;',
    'bit c; for int i in [0:9] { c = measure q; if (c) break; } x q; end; y q;',
    'switch (1) { case 1 { x q; y q; } default { z q; } } h q;',
  ];
  for (const program of programs) {
    const shares = sharesOf(program);
    assert.equal(shares[0], 0, program);
    assert.equal(shares.at(-1), 1, program);
    for (const [at, share] of shares.entries())
      assert.ok(share >= (shares[at - 1] ?? 0) && share <= 1, `${program}: ${shares.join(' ')}`);
  }
});

test('statements weigh by their operations, and loops by their rounds', () => {
  const shares = sharesOf('for int i in [1:100] { x q; y q; } z q;');
  // 203 operations and their statements: after the first half of the rounds half of it is done, to a hundredth.
  assert.ok(Math.abs((shares[100] as number) - 0.5) < 0.01, `${shares[100]}`);
  assert.ok(Math.abs((shares[150] as number) - 0.75) < 0.01, `${shares[150]}`);
});
