import type { HubClient } from '../create-client.ts';
import { followEvents } from '../transport/event-source.ts';

/** What happens to a job: a change of its status, or how far its run is. */
export type JobNews =
  | { readonly kind: 'status'; readonly number: number; readonly status: string; readonly reason?: Reason }
  | { readonly kind: 'progress'; readonly progress: number };

interface Reason {
  readonly code: string;
  readonly message: string;
}

/** These never change again. */
export const finalStatuses: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/**
 * Everything that becomes of a job, from its first event on, until it is finished: no polling, and nothing is missed when the
 * connection is lost. Throws `HubProblem` where the job can't be seen.
 *
 * @param id UUID of the job
 */
export async function* watchJob(
  hub: HubClient,
  id: string,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<JobNews, void, undefined> {
  for await (const { event, data } of followEvents(
    hub,
    `/v1/jobs/${encodeURIComponent(id)}/events`,
    options,
  )) {
    if (event === 'progress') {
      yield { kind: 'progress', progress: Number((data as { progress?: unknown }).progress) };
      continue;
    }
    if (event !== 'job') continue;
    const { number, status, reason } = data as { number: number; status: string; reason?: Reason };
    yield { kind: 'status', number, status, ...(reason && { reason }) };
    if (finalStatuses.has(status)) return;
  }
}
