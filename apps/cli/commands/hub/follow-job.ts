import { type HubClient, HubProblem, type JobNews, watchJob } from '@quantum-hub/client';
import { hubError, onStopSignal } from '@quantum-hub/kernel';
import { exitCodes, SilentExit } from '../../faults.ts';
import type { OutputOptions } from '../../output.ts';
import { type Progress, withProgress } from '../../progress.ts';
import { printable } from '../../table.ts';
import { waitingText } from './waiting.ts';

/** Most jobs start sooner: nobody wants to read why theirs has not. */
const patienceMs = 2000;

type FollowOptions = OutputOptions & {
  /** How long a job may be queued until it is said why. */
  readonly patienceMs?: number;
};

/** Shows how the job gets on until it is finished, and what it waits for when it does not start. */
export async function follow(
  hub: HubClient,
  id: string,
  name: string,
  options: FollowOptions,
): Promise<Extract<JobNews, { kind: 'status' }>> {
  const stop = new AbortController();
  using _signals = onStopSignal(
    (signal) => stop.abort(hubError('kernel.interrupted', { signal })),
    () => process.exit(exitCodes.interrupted),
  );
  try {
    return await withProgress(options, (progress) => {
      const tellWaiting = async () => {
        // Only said beside the job: a hub that cannot be asked now is the business of the watching itself.
        const text = options.json ? undefined : await waitingText(hub, id).catch(() => undefined);
        if (text !== undefined) progress.line(text);
      };
      const patience = { ms: options.patienceMs ?? patienceMs, over: () => void tellWaiting() };
      return lastOf(watchJob(hub, id, { signal: stop.signal }), { progress, name, patience });
    });
  } catch (error) {
    if (!stop.signal.aborted) throw namingJob(error, id);
    const text = `the job ${id} goes on at the hub: npx qhub jobs watch ${id}, or npx qhub jobs cancel ${id}`;
    // Without the id the job would be lost to whoever reads this.
    const fault = { code: 'kernel.interrupted', message: text, job: id };
    process.stderr.write(options.json ? `${JSON.stringify({ error: fault })}\n` : `qhub: ${text}\n`);
    throw new SilentExit(exitCodes.interrupted);
  }
}

/** A hub that is away keeps its jobs: whoever is told that must not lose the id. */
function namingJob(error: unknown, id: string): unknown {
  if (!(error instanceof HubProblem) || error.status !== 0) return error;
  const message = `${error.message} The job ${id} is kept there: npx qhub jobs watch ${id} when the hub answers again`;
  return new HubProblem({ status: 0, code: error.code, message }, { cause: error });
}

type Following = {
  readonly progress: Progress;
  readonly name: string;
  /** What is done when the job has been queued for so long. */
  readonly patience: { readonly ms: number; readonly over: () => void };
};

async function lastOf(news: AsyncIterable<JobNews>, { progress, name, patience }: Following) {
  let last: Extract<JobNews, { kind: 'status' }> | undefined;
  let waiting: NodeJS.Timeout | undefined;
  try {
    for await (const each of news) {
      if (each.kind === 'progress') {
        progress.step({ done: each.progress, total: 1, next: printable(name) });
        continue;
      }
      last = each;
      const { status, reason } = each;
      progress.line(reason === undefined ? status : `${status}: ${printable(reason.message)}`);
      clearTimeout(waiting);
      if (status === 'queued') waiting = setTimeout(patience.over, patience.ms);
    }
  } finally {
    clearTimeout(waiting);
  }
  if (last === undefined) throw new Error('the events of the job ended before the job did');
  return last;
}

export function endedBadly(
  id: string,
  { status, reason }: { status: string; reason?: { code: string; message: string } },
): Error {
  const message = reason === undefined ? '' : `: ${printable(reason.message)}`;
  return new HubProblem({
    status: 0,
    code: reason?.code ?? `client.job_${status}`,
    message: `the job ${id} is ${status}${message}`,
  });
}
