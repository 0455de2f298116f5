import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `probe` until it answers something other than undefined; answers undefined when `timeoutMs` have passed.
 * For facts that send no signal, such as the end of a process that is not our child.
 */
export async function poll<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  { timeoutMs, everyMs = 20 }: { timeoutMs: number; everyMs?: number },
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) return undefined;
    await delay(everyMs);
  }
}
