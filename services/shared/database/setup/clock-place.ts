import { connectAdmin } from '../connection/admin-connection.ts';
import type { DatabasePlace } from './database-place.ts';

/**
 * How far the server's clock is ahead of this host's, in milliseconds; half of the time that the question took is allowed for,
 * and is as far as the answer can be wrong.
 */
export async function clockAheadMs(
  place: DatabasePlace,
  service: string,
): Promise<{ aheadMs: number; errorMs: number }> {
  await using connection = await connectAdmin(place.application, { service });
  const before = Date.now();
  const start = performance.now();
  const { rows } = await connection.query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  );
  const errorMs = (performance.now() - start) / 2;
  return { aheadMs: (rows[0] as { now: number }).now - (before + errorMs), errorMs };
}
