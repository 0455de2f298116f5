import type { Random } from '../random.ts';
import type { Amplitudes } from './amplitudes.ts';

export function probabilityOfOne({ re, im }: Amplitudes, qubit: number): number {
  const bit = 2 ** qubit;
  let sum = 0;
  for (let block = bit; block < re.length; block += 2 * bit) {
    for (let i = block; i < block + bit; i++) {
      const r = re[i] as number;
      const m = im[i] as number;
      sum += r * r + m * m;
    }
  }
  return sum;
}

/** Keeps what agrees with the outcome, and normalises. */
export function project(amplitudes: Amplitudes, qubit: number, outcome: 0 | 1): void {
  const { re, im } = amplitudes;
  const one = probabilityOfOne(amplitudes, qubit);
  const scale = 1 / Math.sqrt(outcome === 1 ? one : normOf(amplitudes) - one);
  const bit = 2 ** qubit;
  for (let i = 0; i < re.length; i++) {
    const keep = ((i & bit) !== 0) === (outcome === 1) ? scale : 0;
    re[i] = (re[i] as number) * keep;
    im[i] = (im[i] as number) * keep;
  }
}

function normOf({ re, im }: Amplitudes): number {
  let sum = 0;
  for (let i = 0; i < re.length; i++) sum += (re[i] as number) ** 2 + (im[i] as number) ** 2;
  return sum;
}

/** Amplitudes between pauses: about a millisecond. */
const PAUSE = 2 ** 17;

/**
 * Draws `shots` basis states: sorts the random numbers and walks once along the running sum of probabilities, so that the cost is
 * one pass and not one search a shot.
 */
export function* sampleIndices(
  amplitudes: Amplitudes,
  shots: number,
  random: Random,
  tell: (index: number, count: number) => void,
): Generator<void> {
  const { re, im } = amplitudes;
  // Against the sum in the same order of addition: rounding can't leave a draw beyond the end.
  const total = normOf(amplitudes);
  const draws = new Float64Array(shots);
  for (let shot = 0; shot < shots; shot++) draws[shot] = random.uniform() * total;
  draws.sort();
  let sum = 0;
  let shot = 0;
  for (let i = 0; i < re.length && shot < shots; i++) {
    sum += (re[i] as number) ** 2 + (im[i] as number) ** 2;
    const before = shot;
    while (shot < shots && (draws[shot] as number) < sum) shot++;
    if (shot > before) tell(i, shot - before);
    if (i % PAUSE === PAUSE - 1) yield;
  }
}
