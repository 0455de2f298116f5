/** A seeded source of numbers: xoshiro128** (Blackman and Vigna, prng.di.unimi.it), the same on every machine. */
export type Random = {
  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** 32 random bits, as an unsigned integer. */
  bits(): number;
  /** How many of `trials` succeed, each with `probability`. Exact. */
  binomial(trials: number, probability: number): number;
};

/** @param seed 0 to 2^53 - 1. */
export function seededRandom(seed: number): Random {
  const next = splitMix(seed);
  let a = next();
  let b = next();
  let c = next();
  let d = next();
  const bits = () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return { bits, uniform, binomial: (trials, probability) => binomial(trials, probability, uniform) };
}

/** SplitMix32 over both halves of the seed: spreads near seeds (0, 1, 2 ...) over the whole state, and never gives four zeros. */
function splitMix(seed: number): () => number {
  const high = Math.floor(seed / 4294967296);
  let state = (seed ^ Math.imul(high, 0x9e3779b9) ^ (high === 0 ? 0 : 0x85ebca6b)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}

/** Skips from success to success (geometric gaps, Devroye 1986, X.4), so that rare ones cost what they are, not what is tried. */
function binomial(trials: number, probability: number, uniform: () => number): number {
  if (!(probability > 0)) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(trials, 1 - probability, uniform);
  if (probability > 0.1) {
    let successes = 0;
    for (let trial = 0; trial < trials; trial++) if (uniform() < probability) successes++;
    return successes;
  }
  const scale = Math.log1p(-probability);
  let successes = -1;
  for (let position = 0; position <= trials; successes++) {
    position += Math.floor(Math.log(1 - uniform()) / scale) + 1;
  }
  return successes;
}
