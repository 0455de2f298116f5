import type { WorkerLog } from '@quantum-hub/execution';
import { isHubError } from '@quantum-hub/kernel';
import type { Log } from './log.ts';

/** So long a fault that passes is left out once it was told. */
const quietMs = 30_000;

/**
 * Writes what workers and reapers tell. While the database is away each of them fails several times a second, for one reason: that is told
 * once, without its stack, and every half minute again with how often it was left out.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function workerLog(log: Log, now: () => number = () => performance.now()): WorkerLog {
  const told = new Map<string, { readonly at: number; leftOut: number }>();
  return (level, message, { error, ...facts }) => {
    if (!isHubError(error) || error.status !== 503) {
      log[level]({ ...facts, ...(error !== undefined && { err: error }) }, message);
      return;
    }
    // What befell each job is told of each.
    const id = `${message} ${error.code} ${facts.job ?? ''}`;
    const last = told.get(id);
    if (last && now() - last.at < quietMs) {
      last.leftOut += 1;
      return;
    }
    for (const [old, { at }] of told) if (now() - at >= quietMs) told.delete(old);
    told.set(id, { at: now(), leftOut: 0 });
    const leftOut = last?.leftOut ? { leftOut: last.leftOut } : {};
    log[level]({ ...facts, code: error.code, detail: error.message, ...leftOut }, message);
  };
}
