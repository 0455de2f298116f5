import { setTimeout as delay } from 'node:timers/promises';

const transientCodes: readonly unknown[] = [
  '23505', // two created the same role, or the same row about a role, at once
  '42710', // the role appeared between look and creation
  '40001',
  '40P01',
  '55P03', // the turn did not come within lock_timeout
];

/** True for errors that go away by themselves when provisionings of one cluster meet. */
export function isTransient(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // XX000 is PostgreSQL's code for everything unexpected; two changing one row of a shared catalogue is told by its text.
  return (
    transientCodes.includes(code) ||
    (code === 'XX000' && /concurrently (updated|deleted)/.test(String(message)))
  );
}

/**
 * Runs `work` until it succeeds, fails for good, or has failed `attempts` times. Waits between attempts grow from up to
 * 50 ms to up to 2 s and are random, so that those who met do not meet again.
 */
export async function retried<T>(work: () => Promise<T>, attempts = 10): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isTransient(error)) throw error;
      await delay(Math.random() * Math.min(2000, 50 * 2 ** (attempt - 1)));
    }
  }
}
