import { getDb } from '@quantum-hub/database';
import type { ServiceRole } from './service-role.ts';

export interface Taken {
  /** How many of the wanted were still free. */
  readonly granted: number;
  /** How many nobody has taken yet. */
  readonly free: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

// One statement and one row lock: a window that is over begins anew. `taken` may pass the limit, since the server
// answers with the sum only and the caller finds out from it how much of its own share was free.
const takeSql = `insert into hub.rate_windows as w (key, taken, ends_at)
  values ($1, $2, now() + make_interval(secs => $3))
  on conflict (key) do update
    set taken = case when w.ends_at <= now() then excluded.taken
                     else least(w.taken::bigint + excluded.taken, 1000000000)::integer end,
        ends_at = case when w.ends_at <= now() then excluded.ends_at else w.ends_at end
  returning taken, extract(epoch from ends_at - now())::float8 * 1000 as "resetMs"`;

/** Takes up to `wanted` of a window's `limit`; the clock is the database's, so that all processes agree. */
export async function takeFromWindow(
  as: ServiceRole,
  key: Buffer,
  wanted: number,
  { limit, windowSeconds }: { limit: number; windowSeconds: number },
): Promise<Taken> {
  const { rows } = await getDb(
    (db) =>
      db.query<{ taken: number; resetMs: number }>({
        name: 'http_take_from_window',
        text: takeSql,
        values: [key, wanted, windowSeconds],
      }),
    { as },
  );
  const [{ taken, resetMs } = { taken: limit + wanted, resetMs: windowSeconds * 1000 }] = rows;
  const granted = Math.max(0, Math.min(wanted, limit - (taken - wanted)));
  return { granted, free: Math.max(0, limit - taken), resetMs };
}

/** Windows that are over say nothing any more. */
export async function deleteEndedWindows(as: ServiceRole): Promise<void> {
  await getDb((db) => db.query('delete from hub.rate_windows where ends_at < now()'), { as });
}
