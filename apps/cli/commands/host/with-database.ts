import { constraintCodes, openDatabase, ormOptions } from '@quantum-hub/database';
import type { DatabasePlace } from '@quantum-hub/database/admin';

/** Units of work at a place, as the services do them: for what the host asks of identity and execution. */
export async function withDatabase<Result>(
  place: DatabasePlace,
  roles: readonly ('identity' | 'steward' | 'worker')[],
  work: () => Promise<Result>,
): Promise<Result> {
  const { connectTimeoutMs, prepared } = place.config;
  await using _database = await openDatabase({
    connection: place.application,
    service: 'qhub',
    orm: ormOptions,
    constraintCodes,
    pool: { max: 2, connectTimeoutMs },
    prepared,
    roles,
  });
  return await work();
}
