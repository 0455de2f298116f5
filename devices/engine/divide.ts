import type { Random } from './random.ts';

/** Divides shots among outcomes as a multinomial draw. */
export function divideShots(random: Random): (shots: number, probabilities: readonly number[]) => number[] {
  return (shots, probabilities) => {
    let left = shots;
    let share = probabilities.reduce((sum, probability) => sum + probability, 0);
    const last = probabilities.findLastIndex((probability) => probability > 0);
    return probabilities.map((probability, outcome) => {
      // The last one takes what is left: rounding in the sum must not lose a shot.
      const some = outcome === last ? left : random.binomial(left, Math.min(1, probability / share));
      share -= probability;
      left -= some;
      return some;
    });
  };
}

/** Divides a share exactly; what is below `least` of the whole is left out. */
export function divideShare(least: number): (share: number, probabilities: readonly number[]) => number[] {
  return (share, probabilities) =>
    probabilities.map((probability) => (share * probability < least ? 0 : share * probability));
}
