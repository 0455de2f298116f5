import type { FastifyBaseLogger } from 'fastify';
import { deleteExpiredAnswers } from './queries/idempotent-answers.ts';
import { deleteEndedWindows } from './queries/rate-windows.ts';
import type { ServiceRole } from './queries/service-role.ts';

const everyMs = 600_000;

export interface UpkeepOptions {
  readonly services: readonly ServiceRole[];
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  /** Default: ten minutes. */
  readonly everyMs?: number;
}

/**
 * Removes what is over from the tables of this room while the hub runs. A turn that fails comes again; one that is under
 * way is waited for when this is disposed of.
 */
export function keepHttpTables({ services, log, everyMs: pause = everyMs }: UpkeepOptions): AsyncDisposable {
  let running = Promise.resolve();
  const sweep = async () => {
    try {
      for (const service of services) await deleteExpiredAnswers(service);
      for (const service of services.slice(0, 1)) await deleteEndedWindows(service);
    } catch (error) {
      log.warn({ err: error }, 'ended limits and kept answers could not be removed, tried again later');
    }
  };
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, pause).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}
