import type { Random } from '../random.ts';
import type { Amplitudes } from './amplitudes.ts';

/** The sum of the squares of some neighbours; four sums at once, since an addition waits four cycles for the one before it. */
function sumOfSquares(data: Float64Array, from: number, to: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = from;
  for (; i + 3 < to; i += 4) {
    a += (data[i] as number) ** 2;
    b += (data[i + 1] as number) ** 2;
    c += (data[i + 2] as number) ** 2;
    d += (data[i + 3] as number) ** 2;
  }
  for (; i < to; i++) a += (data[i] as number) ** 2;
  return a + b + (c + d);
}

/** The probability of an outcome, without the rounding of the norm taken out. */
export function probabilityOf({ data }: Amplitudes, qubit: number, outcome: 0 | 1): number {
  const run = 2 * 2 ** qubit;
  let sum = 0;
  if (qubit === 0) {
    for (let at = outcome * run; at < data.length; at += 2 * run)
      sum += (data[at] as number) ** 2 + (data[at + 1] as number) ** 2;
    return sum;
  }
  for (let at = outcome * run; at < data.length; at += 2 * run) sum += sumOfSquares(data, at, at + run);
  return sum;
}

/** Keeps what agrees with the outcome, and normalises. */
export function project(amplitudes: Amplitudes, qubit: number, outcome: 0 | 1): void {
  const { data } = amplitudes;
  const scale = 1 / Math.sqrt(probabilityOf(amplitudes, qubit, outcome));
  const run = 2 * 2 ** qubit;
  for (let i = 0; i < data.length; i++) {
    const keep = ((i & run) !== 0) === (outcome === 1) ? scale : 0;
    data[i] = (data[i] as number) * keep;
  }
}

/** Numbers whose squares are summed as one: a draw first finds its stretch, then its place in there. */
const STRETCH = 2 ** 12;
/** Stretches between pauses: about a millisecond. */
const PAUSE = 2 ** 6;

/**
 * Draws `shots` basis states: sorts the random numbers and walks once along the running sum of probabilities, so that the cost is
 * one pass and not one search a shot; stretches without a draw are stepped over.
 */
export function* sampleIndices(
  { data }: Amplitudes,
  shots: number,
  random: Random,
  tell: (index: number, count: number) => void,
): Generator<void> {
  const stretches = new Float64Array(Math.ceil(data.length / STRETCH));
  let total = 0;
  for (let stretch = 0; stretch < stretches.length; stretch++) {
    const from = stretch * STRETCH;
    stretches[stretch] = sumOfSquares(data, from, Math.min(data.length, from + STRETCH));
    total += stretches[stretch] as number;
    if (stretch % PAUSE === PAUSE - 1) yield;
  }
  const draws = new Float64Array(shots);
  for (let shot = 0; shot < shots; shot++) draws[shot] = random.uniform() * total;
  draws.sort();
  let sum = 0;
  let shot = 0;
  for (let stretch = 0; shot < shots; stretch++) {
    const before = sum;
    // The same additions as for the total: rounding can't leave a draw beyond the last stretch.
    sum += stretches[stretch] as number;
    const first = shot;
    while (shot < shots && (draws[shot] as number) < sum) shot++;
    if (shot > first) place(data, stretch * STRETCH, before, draws.subarray(first, shot), tell);
    if (stretch % PAUSE === PAUSE - 1) yield;
  }
}

/** Finds the places of sorted draws within a stretch that begins at the running sum `before`. */
function place(
  data: Float64Array,
  from: number,
  before: number,
  draws: Float64Array,
  tell: (index: number, count: number) => void,
): void {
  const to = Math.min(data.length, from + STRETCH);
  let sum = before;
  let draw = 0;
  let last = from;
  for (let i = from; i < to && draw < draws.length; i += 2) {
    const probability = (data[i] as number) ** 2 + (data[i + 1] as number) ** 2;
    if (probability === 0) continue;
    last = i;
    sum += probability;
    const first = draw;
    while (draw < draws.length && (draws[draw] as number) < sum) draw++;
    if (draw > first) tell(i / 2, draw - first);
  }
  // Summed one by one the stretch may end a rounding below its four sums: such a draw belongs to its last amplitude.
  if (draw < draws.length) tell(last / 2, draws.length - draw);
}
