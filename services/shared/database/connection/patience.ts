import { waitBeforeRetry } from './retry.ts';

const lockNotAvailable = '55P03';
const deadlock = '40P01';

/**
 * How long a statement of the upkeep (partitions, backfills) waits for a lock. Whoever waits for a strong lock makes everybody behind it wait too:
 * rather many short attempts than one that stalls readers and writers.
 */
export const lockTimeout = '100ms';

/** Tries again, with growing pauses, while `attempt` finds a lock taken; gives up with `onGivenUp` after `patienceMs`. */
export async function patiently<Result>(
  attempt: () => Promise<Result>,
  { patienceMs, onGivenUp }: { patienceMs: number; onGivenUp: (cause: unknown) => Error },
): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== lockNotAvailable && code !== deadlock) throw error;
      if (performance.now() >= deadline) throw onGivenUp(error);
      await waitBeforeRetry(count, undefined);
    }
  }
}
