import type { ExpectationValue, Observable, PauliTerm } from '@quantum-hub/execution/ports';
import { ProgramError } from '@quantum-hub/openqasm';
import type { Simulation } from './counts.ts';
import { divideShare, divideShots } from './divide.ts';
import { type Branch, follow } from './follow.ts';
import type { Random } from './random.ts';

/** More ways than this are not followed for exact values: a program with many measurements has 2^measurements. */
const MOST_WAYS = 65_536;
/** Ways that together weigh less than this are left out of exact values. */
const LEAST_SHARE = 1e-15;

/**
 * Expectation values in the state at the program's end, measurements included: a qubit that was measured has no coherence left, so
 * a term with X or Y on it is 0 there. Exact: all ways of the program, each with its share. By shots: in every shot each term is
 * measured on a copy of the state at the end of that shot's way, and the standard error of the sum is told. The copies are
 * independent, the way is not: what terms have in common through it counts (law of total variance).
 */
export function* simulateExpectation(
  simulation: Simulation,
  observables: readonly Observable[],
  shots: number | undefined,
): Generator<void, readonly ExpectationValue[]> {
  const sums = observables.map(() => ({ mean: 0, square: 0 }));
  const { random } = simulation;
  let done = 0;
  let ways = 0;
  yield* follow({
    ...simulation,
    amount: shots ?? 1,
    divide: shots === undefined ? divideShare(LEAST_SHARE) : divideShots(random),
    *leaf(branch) {
      if (shots === undefined && ++ways > MOST_WAYS) throw tooManyWays(branch);
      done += branch.amount;
      simulation.onProgress(done / (shots ?? 1));
      const share = branch.amount / (shots ?? 1);
      for (const [index, { terms }] of observables.entries()) {
        const { mean, variance } = sumOf(terms, (term) => {
          const exact = valueAt(branch, term);
          return shots === undefined ? exact : sampled(exact, branch.amount, random);
        });
        const sum = sums[index] as (typeof sums)[number];
        sum.mean += share * mean;
        sum.square += share * (variance + mean ** 2);
        yield;
      }
    },
  });
  return observables.map(({ text }, index) => {
    const { mean, square } = sums[index] as (typeof sums)[number];
    const variance = Math.max(0, square - mean ** 2);
    const standardError = shots === undefined ? 0 : Math.sqrt(variance / Math.max(1, shots - 1));
    return { observable: text, value: mean, standardError };
  });
}

/** The mean of a sum of terms in one way, and the variance of a shot's value there. */
function sumOf(
  terms: readonly PauliTerm[],
  read: (term: PauliTerm) => number,
): { mean: number; variance: number } {
  let mean = 0;
  let variance = 0;
  for (const term of terms) {
    const value = read(term);
    mean += term.coefficient * value;
    variance += term.coefficient ** 2 * (1 - value ** 2);
  }
  return { mean, variance };
}

/** The mean of `shots` outcomes of +1 and -1 whose expectation value is `exact`. */
function sampled(exact: number, shots: number, random: Random): number {
  return (2 * random.binomial(shots, Math.min(1, Math.max(0, (1 + exact) / 2)))) / shots - 1;
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
