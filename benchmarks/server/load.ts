import autocannon from 'autocannon';
import type { Served } from './served.ts';

export interface Load {
  readonly connections: number;
  readonly seconds: number;
  /** How long one answer may take. */
  readonly timeoutSeconds?: number;
}

export interface Answers {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  readonly answered: number;
  /** Broken connections, answers that took too long, answers other than 2xx. */
  readonly failed: number;
}

/** Asks without pause on so many connections. */
export async function load(
  { url, headers }: Served,
  { connections, seconds, timeoutSeconds = 10 }: Load,
): Promise<Answers> {
  const waits: number[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const options = { url, headers: { ...headers }, connections, duration: seconds, timeout: timeoutSeconds };
  const running = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
  running.on('response', (_client, _status, _bytes, ms) => waits.push(ms));
  const { requests, errors, timeouts, non2xx, duration, latency } = await promise;
  waits.sort((a, b) => a - b);
  return {
    perSecond: requests.total / duration,
    p50Ms: latency.p50,
    p95Ms: waits[Math.floor(waits.length * 0.95)] ?? Number.NaN,
    longestMs: latency.max,
    answered: requests.total,
    failed: errors + timeouts + non2xx,
  };
}
