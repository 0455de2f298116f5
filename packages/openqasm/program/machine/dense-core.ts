import { type Core, coreOfMatrix } from '../../gates/core.ts';
import { applyToColumns } from '../../gates/dense.ts';
import { identity } from '../../gates/matrix.ts';
import { WIDEST_FRACTIONAL_POWER } from '../../gates/unitary-power.ts';
import type { Span } from '../../source/diagnostic.ts';
import type { Budget } from './budget.ts';
import { Expansion } from './expansion.ts';
import { fail } from './failure.ts';
import type { Shape } from './shape.ts';

/**
 * One unitary of everything that a gate stands for, by multiplying it out: what a power that is not whole needs. Counts 2^qubits steps a
 * gate, so that its time is bounded too.
 *
 * @throws RunFailure `unsupported` where the gate is wider than `WIDEST_FRACTIONAL_POWER`
 */
export function denseCore(shape: Shape, qubits: number, span: Span, budget: Budget): Core {
  if (qubits > WIDEST_FRACTIONAL_POWER) {
    fail(
      span,
      'unsupported',
      `a power that is not a whole number of a gate of ${qubits} qubits`,
      `a whole number, or a gate of at most ${WIDEST_FRACTIONAL_POWER} qubits`,
    );
  }
  const places = Array.from({ length: qubits }, (_, at) => at);
  const expansion = new Expansion([{ kind: 'gate', shape, qubits: places }], span);
  const matrix = identity(2 ** qubits);
  for (let operation = expansion.next(budget); operation; operation = expansion.next(budget)) {
    budget.step(span, 2 ** qubits);
    if (operation.kind === 'gate') applyToColumns(matrix, qubits, operation);
  }
  return coreOfMatrix(matrix);
}
