/** Makes partitions ahead while the hub runs: one that is never restarted must not run out of months. */

import type { Say } from './log.ts';

const dayMs = 86_400_000;

export interface UpkeepOptions {
  /** Makes what is missing and gives the names of what it made. */
  readonly create: () => Promise<readonly string[]>;
  readonly log: Say;
  /** Default: a day. */
  readonly everyMs?: number;
  /** Default: `Math.random`. Several hubs that were started together should not come together. */
  readonly random?: () => number;
}

/**
 * Calls `create` once in `everyMs`, give or take a tenth. A run that fails is logged and tried again at the next turn: there
 * are a year's partitions in hand. Keeps no process alive; disposing waits for a run that is under way.
 */
export function keepPartitionsAhead({
  create,
  log,
  everyMs = dayMs,
  random = Math.random,
}: UpkeepOptions): AsyncDisposable {
  let timer: NodeJS.Timeout;
  let running = Promise.resolve();
  let stopped = false;
  const turn = async () => {
    try {
      const created = await create();
      if (created.length > 0) log(`Made partitions ahead: ${created.join(', ')}.`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(
        `Partitions could not be made ahead, tried again within ${Math.ceil(everyMs / 3_600_000)} h: ${reason}`,
        'error',
      );
    }
    if (!stopped) plan();
  };
  const plan = () => {
    timer = setTimeout(
      () => {
        running = turn();
      },
      everyMs * (0.9 + 0.2 * random()),
    ).unref();
  };
  plan();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
