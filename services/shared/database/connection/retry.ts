import { setTimeout as wait } from 'node:timers/promises';
import { hubError } from '@quantum-hub/kernel';

const firstWaitMs = 10;
const longestWaitMs = 1000;

/**
 * Exponential backoff with full jitter, in milliseconds: anything from 0 to 10, 20, 40, ... at most 1000. The whole
 * range is random because the ones in each other's way must not meet again at the same moment.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
}

/** Waits before the next attempt; throws `database.cancelled` when the signal is aborted meanwhile. */
export async function waitBeforeRetry(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(backoffMs(attempt), undefined, signal ? { signal } : {});
  } catch {
    throw hubError('database.cancelled', {
      reason: 'the signal of its caller was aborted between two attempts',
    });
  }
}
