import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { BASE_GATES } from './base-gates.ts';
import { coreOf, inverseOf, powerOf } from './core.ts';
import { unitaryOf } from './dense.ts';
import { identity, type Matrix, multiply, wholePower } from './matrix.ts';
import { assertNear } from './test-unitary.ts';
import { fractionalPower } from './unitary-power.ts';

function base(name: string, ...parameters: number[]): Matrix {
  const gate = BASE_GATES.get(name);
  assert.ok(gate);
  return gate.matrix(parameters);
}

/** Some unitary on a few qubits: turns and controlled turns with these angles. */
function unitary(qubits: number, angles: readonly number[]): Matrix {
  return unitaryOf(
    angles.map((angle, i) => ({
      kind: 'gate',
      name: 'u',
      parameters: [],
      matrix: base('u', angle, 2 * angle, i - angle),
      controls: qubits > 1 && i % 3 === 1 ? [(i + 1) % qubits] : [],
      polarity: undefined,
      targets: [i % qubits],
    })),
    qubits,
  );
}

test('the principal branch: roots of the standard gates are the standard gates', () => {
  assertNear(fractionalPower(base('x'), 0.5), base('sx'), 'sqrt x');
  assertNear(fractionalPower(base('z'), 0.5), base('s'), 'sqrt z');
  assertNear(fractionalPower(base('s'), 0.5), base('t'), 'sqrt s');
  assertNear(fractionalPower(base('sdg'), 0.5), base('tdg'), 'sqrt sdg');
  assert.equal(powerOf(coreOf(BASE_GATES.get('x') as never, []), 0.5)?.name, 'sx');
});

test('the n-th power of the n-th root is the unitary, up to six qubits', () => {
  for (const qubits of [1, 2, 3, 4, 6]) {
    const matrix = unitary(
      qubits,
      Array.from({ length: 4 * qubits }, (_, i) => Math.sin(i + qubits) * 3),
    );
    assertNear(wholePower(fractionalPower(matrix, 1 / 3), 3), matrix, `${qubits} qubits`, 1e-12);
  }
});

test('equal and opposite eigenvalues do no harm', () => {
  for (const matrix of [
    identity(8),
    base('swap'),
    multiply(base('swap'), base('rzz', Math.PI)),
    base('rxx', 2 * Math.PI),
  ]) {
    assertNear(wholePower(fractionalPower(matrix, 0.25), 4), matrix, 'degenerate', 1e-12);
  }
});

test('powers add up: u^a u^b = u^(a + b) within one branch', () => {
  const angles = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), angles, (qubits, given) => {
      const matrix = unitary(qubits, given);
      const sum = multiply(fractionalPower(matrix, 0.3), fractionalPower(matrix, 0.7));
      assertNear(sum, matrix, 'sum', 1e-11);
    }),
    { numRuns: 60 },
  );
});

test('whole powers keep names and angles', () => {
  const rx = coreOf(BASE_GATES.get('rx') as never, [0.1]);
  assert.deepEqual(powerOf(rx, 8)?.parameters, [0.8]);
  assert.equal(powerOf(coreOf(BASE_GATES.get('t') as never, []), 2)?.name, 's');
  assert.equal(powerOf(coreOf(BASE_GATES.get('t') as never, []), 8), undefined);
  assert.equal(inverseOf(coreOf(BASE_GATES.get('s') as never, [])).name, 'sdg');
});
