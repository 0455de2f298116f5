import type { Db } from '@quantum-hub/database';
import { changedChannel } from './channels.ts';

export interface Held {
  readonly id: string;
  readonly leaseToken: string;
  /** Share of the run that is done, 0 to 1, if it has changed since the last time. */
  readonly progress?: number;
}

/** One statement for all that a worker holds. Whoever watches a job is told of its progress. */
const text = `with held as (
  select * from unnest($1::uuid[], $2::uuid[], $3::float8[]) held (id, lease_token, progress)),
renewed as (
  update execution.job_queue q
     set lease_until = now() + $4 * interval '1 s', progress = coalesce(held.progress, q.progress)
    from held
   where q.id = held.id and q.lease_token = held.lease_token and q.status in ('running', 'cancelling')
  returning q.id, q.status, held.progress)
select id, status, case when progress is not null then pg_notify('${changedChannel}', id::text) end from renewed`;

/** Renews leases. Gives what is still held, by job; a job that is not among them is lost and must be aborted. */
export async function heartbeat(
  db: Db,
  held: readonly Held[],
  leaseSeconds: number,
): Promise<ReadonlyMap<string, 'running' | 'cancelling'>> {
  const { rows } = await db.query<{ id: string; status: 'running' | 'cancelling' }>({
    name: 'heartbeat',
    text,
    values: [
      held.map(({ id }) => id),
      held.map(({ leaseToken }) => leaseToken),
      held.map(({ progress }) => progress ?? null),
      leaseSeconds,
    ],
  });
  return new Map(rows.map(({ id, status }) => [id, status]));
}
