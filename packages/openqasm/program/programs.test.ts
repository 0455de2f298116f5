import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Operation, Run } from './operation.ts';
import { ProgramError } from './operation.ts';
import { compiled, HEAD, started } from './test-compile.ts';
import { distributionOf } from './test-simulate.ts';

function distribution(source: string, inputs: Record<string, unknown> = {}): Record<string, number> {
  const { unit } = compiled(source);
  const sizes = unit.registers.map(({ size }) => size);
  const found = distributionOf(started(source, inputs), unit.qubitCount, sizes);
  return Object.fromEntries([...found].map(([key, value]) => [key, Math.round(value * 1e9) / 1e9]));
}

/** Programs whose control flow hangs on outcomes, and what they give. */
const DYNAMIC = {
  teleport: `qubit[3] q; bit[2] m; bit out; ry(pi / 3) q[0]; h q[1]; cx q[1], q[2]; cx q[0], q[1]; h q[0];
    m = measure q[0:1]; if (m[1]) x q[2]; if (m[0]) z q[2]; out = measure q[2];`,
  until: 'qubit q; bit b; int n = 0; h q; b = measure q; while (b && n < 3) { h q; b = measure q; n += 1; }',
  subroutine: `def flip(qubit a, int k) -> bit { for int i in [1:k] { x a; } bit r = measure a; return r; }
    qubit[2] q; bit[2] c; h q[0]; c[0] = measure q[0]; c[1] = flip(q[1], int(c[0]) + 2);`,
  switched: `qubit[3] q; bit[2] m; bit r; h q[0]; h q[1]; m = measure q[0:1];
    switch (int(m)) { case 0 { x q[2]; } case 1, 2 { h q[2]; } default { reset q[2]; } } r = measure q[2];`,
  early: `qubit[2] q; bit[2] c; h q[0]; c[0] = measure q[0];
    for int i in [0:9] { if (c[0]) { continue; } if (i > 2) { break; } x q[1]; } if (c == "01") { end; } c[1] = measure q[1];`,
};

test('dynamic programs give what they should', () => {
  assert.deepEqual(distribution(HEAD + DYNAMIC.until), { '0': 0.9375, '1': 0.0625 });
  assert.deepEqual(distribution(HEAD + DYNAMIC.subroutine), { '00': 0.5, '11': 0.5 });
  assert.deepEqual(distribution(HEAD + DYNAMIC.early), { '10': 0.5, '01': 0.5 });
  const teleported = distribution(HEAD + DYNAMIC.teleport);
  const ones = Object.entries(teleported).reduce((sum, [key, p]) => sum + (key.startsWith('1') ? p : 0), 0);
  assert.ok(Math.abs(ones - 0.25) < 1e-8);
  assert.deepEqual(distribution(HEAD + DYNAMIC.switched), {
    '1 00': 0.25,
    '0 01': 0.125,
    '1 01': 0.125,
    '0 10': 0.125,
    '1 10': 0.125,
    '0 11': 0.25,
  });
});

test('a program without a measurement between reads zeros; arrays, angles and inputs work', () => {
  const source = `${HEAD}input angle turn; input int[8] k; qubit[2] q; bit[2] c; array[int[8], 3] a = {1, 2, 3};
    a[1] = k; for int i in a { if (i == 7) { rx(turn) q[1]; } } c = measure q;`;
  assert.deepEqual(distribution(source, { turn: Math.PI, k: 7 }), { '10': 1 });
  assert.deepEqual(distribution(source, { turn: Math.PI, k: 6 }), { '00': 1 });
});

test('OpenQASM 2 compares a register as a number whose lowest bit is c[0]', () => {
  const source = `OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; creg c[2]; creg d[1]; x q[0]; measure q[0] -> c[0];
    if (c == 1) x q[2]; if (c == 2) x q[1]; measure q[2] -> d[0];`;
  assert.deepEqual(distribution(source), { '1 01': 1 });
});

test('what fails in a run is told with its line and column', () => {
  const source = `${HEAD}qubit[3] q;\nbit c;\nint i = 0;\nwhile (i < 9) {\n  x q[i];\n  i += 1;\n}\n`;
  const run = started(source);
  assert.throws(
    () => {
      while (run.next());
    },
    (error) =>
      error instanceof ProgramError && error.diagnostic.line === 7 && error.diagnostic.code === 'index',
  );
});

/** All operations of a run, outcomes taken from the list in the order of their ids. */
function record(run: Run, outcomes: readonly boolean[], lazily: boolean): string {
  const operations: Operation[] = [];
  const outcomeOf = (id: number) => (outcomes[id % outcomes.length] ? 1 : 0);
  for (let operation = run.next(); operation; operation = run.next()) {
    if (operation.kind === 'need') {
      assert.ok(lazily, 'nothing is asked for that is known');
      run.resolve(operation.id, outcomeOf(operation.id));
      continue;
    }
    operations.push(operation);
    if (operation.kind === 'measure' && !lazily) run.resolve(operation.id, outcomeOf(operation.id));
  }
  const known = [...run.bits()].map((cell) => (cell < 2 ? cell : outcomeOf(cell - 2)));
  return JSON.stringify([operations, known]);
}

test('runs with the same outcomes are the same, whether they are given at once or when asked for', () => {
  const programs = Object.values(DYNAMIC).map((body) => compiled(HEAD + body).bind());
  fc.assert(
    fc.property(
      fc.nat(programs.length - 1),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
      (which, outcomes) => {
        const bound = programs[which];
        assert.ok(bound?.ok);
        const eager = record(bound.start(), outcomes, false);
        assert.equal(record(bound.start(), outcomes, true), eager);
        assert.equal(record(bound.start(), outcomes, false), eager);
      },
    ),
    { numRuns: 200 },
  );
});
