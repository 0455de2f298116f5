import type { Health } from '@quantum-hub/database';
import type { ReadinessCheck } from '@quantum-hub/http';
import { isHubError } from '@quantum-hub/kernel';

export interface ReadinessSources {
  readonly health: () => Promise<Health>;
  /** Names of the migrations that the database has not had. */
  readonly pending: () => Promise<readonly string[]>;
  /** Of the parts of this process, out of its memory: workers, reapers. */
  readonly more: readonly (() => Promise<readonly ReadinessCheck[]>)[];
  /** How long an answer may take; default 1 s, which is what probes wait for. */
  readonly limitMs?: number;
}

const late = Symbol('late');

/**
 * Makes the question whether requests can be served now. It is answered within the limit, also where a database that hangs
 * answers nothing; what depends on one that does not answer is not asked. Those who ask at once, and who come while an earlier
 * question is not answered, wait for the same one: probes of a database that hangs do not take its connections one by one.
 */
export function readinessOf({ health, pending, more, limitMs = 1000 }: ReadinessSources) {
  const [askHealth, askPending] = [shared(health), shared(pending)];
  const inTime = `within ${limitMs / 1000} s`;
  return async (): Promise<ReadinessCheck[]> => {
    using clock = alarm(limitMs);
    const server = await Promise.race([askHealth(), clock.rings]);
    const others = (await Promise.all(more.map((check) => check()))).flat();
    if (server === late) return [unanswered('database', inTime), ...others];
    if (!server.ok) return [{ name: 'database', ok: false, text: 'does not answer' }, ...others];
    const database = { name: 'database', ok: true, text: `answers in ${server.latencyMs.toFixed(0)} ms` };
    const migrations = await Promise.race([judged(askPending()), clock.rings]);
    return [database, migrations === late ? unanswered('migrations', inTime) : migrations, ...others];
  };
}

function unanswered(name: string, inTime: string): ReadinessCheck {
  return { name, ok: false, text: `did not answer ${inTime}` };
}

async function judged(pending: Promise<readonly string[]>): Promise<ReadinessCheck> {
  try {
    const { length } = await pending;
    const text = length === 0 ? 'none is pending' : `${length} pending`;
    return { name: 'migrations', ok: length === 0, text };
  } catch (error) {
    if (!isHubError(error)) throw error;
    return { name: 'migrations', ok: false, text: error.publicMessage };
  }
}

function shared<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

function alarm(ms: number): Disposable & { readonly rings: Promise<typeof late> } {
  const { promise: rings, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => resolve(late), ms);
  return { rings, [Symbol.dispose]: () => clearTimeout(timer) };
}
