import type { ExpectationValue, Observable, PauliTerm } from '@quantum-hub/execution/ports';
import { ProgramError } from '@quantum-hub/openqasm';
import type { Simulation } from './counts.ts';
import { divideShare, divideShots } from './divide.ts';
import { type Branch, follow } from './follow.ts';

/** More ways than this are not followed for exact values: a program with many measurements has 2^measurements. */
const MOST_WAYS = 65_536;
/** Ways that together weigh less than this are left out of exact values. */
const LEAST_SHARE = 1e-15;

/**
 * Expectation values in the state at the program's end, measurements included: a qubit that was measured has no coherence left, so
 * a term with X or Y on it is 0 there. Exact: all ways of the program, each with its share. By shots: every term is measured `shots`
 * times by itself, and the standard error of the sum is told.
 */
export function* simulateExpectation(
  simulation: Simulation,
  observables: readonly Observable[],
  shots: number | undefined,
): Generator<void, readonly ExpectationValue[]> {
  const terms = observables.flatMap((observable) => observable.terms);
  const means = new Float64Array(terms.length);
  const { random } = simulation;
  let done = 0;
  let ways = 0;
  yield* follow({
    ...simulation,
    amount: shots ?? 1,
    divide: shots === undefined ? divideShare(LEAST_SHARE) : divideShots(random),
    leaf(branch) {
      if (shots === undefined && ++ways > MOST_WAYS) throw tooManyWays(branch);
      done += branch.amount;
      simulation.onProgress(done / (shots ?? 1));
      terms.forEach((term, index) => {
        const exact = valueAt(branch, term);
        const share =
          shots === undefined
            ? branch.amount * exact
            : (2 * random.binomial(branch.amount, Math.min(1, Math.max(0, (1 + exact) / 2))) -
                branch.amount) /
              shots;
        means[index] = (means[index] as number) + share;
      });
    },
  });
  let next = 0;
  return observables.map(({ text, terms: own }) => {
    let value = 0;
    let variance = 0;
    for (const { coefficient } of own) {
      const mean = means[next++] as number;
      value += coefficient * mean;
      variance += coefficient ** 2 * (1 - mean ** 2);
    }
    const standardError = shots === undefined ? 0 : Math.sqrt(Math.max(0, variance) / Math.max(1, shots - 1));
    return { observable: text, value, standardError };
  });
}

function tooManyWays({ run }: Branch): ProgramError {
  return new ProgramError({
    ...run.where(),
    code: 'limit',
    message: `the program has more than ${MOST_WAYS} ways through its measurements, too many for exact expectation values`,
    expected: `at most ${MOST_WAYS} ways`,
    suggestion: 'ask for shots',
  });
}

function valueAt({ state, pending }: Branch, { paulis }: PauliTerm): number {
  const entries = Object.entries(paulis);
  if (entries.length === 0) return 1;
  const dephased = entries.some(([qubit, pauli]) => pauli !== 'Z' && pending.has(Number(qubit)));
  return dephased ? 0 : state.expectation(paulis);
}
