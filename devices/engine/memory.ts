import type { Random } from './random.ts';

/**
 * The outcome of every shot in order. Shots are independent and alike, so every order of the same counts is as likely as another: one is drawn
 * (Fisher and Yates), which is the same for a seed on every machine.
 */
export function shuffledOutcomes(counts: Readonly<Record<string, number>>, random: Random): string[] {
  // Sorted here: the order in which an object gives its keys is not that of their making.
  const outcomes = Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([outcome, count]) => new Array<string>(count).fill(outcome));
  for (let last = outcomes.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const outcome = outcomes[last] as string;
    outcomes[last] = outcomes[other] as string;
    outcomes[other] = outcome;
  }
  return outcomes;
}
