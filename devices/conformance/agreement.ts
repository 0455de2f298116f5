import type { Answered } from './case.ts';

export type Distribution = Readonly<Record<string, number>>;

/**
 * Whether counts agree with an exact distribution: the rule of `corpus/openqasm3/README.md`. Their total variation distance may be what sampling
 * brings, sum of sqrt(p (1 - p) / (2 pi S)), and 0.041 for 4,096 shots (scaled by 1/sqrt(S)): a right sampler exceeds it once in a
 * million runs. No shot may fall where the probability is 0. Undefined: they agree.
 */
export function disagreement({ counts, shots }: Answered, distribution: Distribution): string | undefined {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total !== shots) return `${total} outcomes were counted in ${shots} shots`;
  let distance = 0;
  let expected = 0;
  for (const outcome of new Set([...Object.keys(counts), ...Object.keys(distribution)])) {
    const probability = distribution[outcome] ?? 0;
    const count = counts[outcome] ?? 0;
    if (probability === 0 && count > 0) return `${count} shots gave "${outcome}", which cannot come`;
    distance += Math.abs(count / shots - probability) / 2;
    expected += Math.sqrt((Math.max(0, 1 - probability) * probability) / (2 * Math.PI * shots));
  }
  const most = expected + 0.041 * Math.sqrt(4096 / shots);
  return distance <= most
    ? undefined
    : `the distance to the exact distribution is ${distance.toFixed(4)}, and at most ${most.toFixed(4)} is sampling`;
}

/** For distributions too large to list: the share of ones of each bit, and of the likeliest outcomes, within 5 standard deviations. */
export function marginalDisagreement(
  { counts, registers, shots }: Answered,
  marginals: Distribution,
  likeliest: Distribution,
): string | undefined {
  const ones = new Map<string, number>();
  let among = 0;
  for (const [outcome, count] of Object.entries(counts)) {
    if (Object.hasOwn(likeliest, outcome)) among += count;
    const parts = outcome.split(' ').reverse();
    registers.forEach(({ name, size }, at) => {
      for (let bit = 0; bit < size; bit++) {
        if (parts[at]?.[size - 1 - bit] === '1')
          ones.set(`${name}[${bit}]`, (ones.get(`${name}[${bit}]`) ?? 0) + count);
      }
    });
  }
  const share = Object.values(likeliest).reduce((sum, probability) => sum + probability, 0);
  const far = [
    ...Object.entries(marginals).map(([bit, probability]) => [bit, ones.get(bit) ?? 0, probability] as const),
    ['the likeliest outcomes', among, share] as const,
  ].find(([, count, p]) => Math.abs(count / shots - p) > 5 * Math.sqrt((p * (1 - p)) / shots) + 1 / shots);
  return far && `${far[0]}: ${far[1]} of ${shots} shots, and ${far[2]} was the probability`;
}
