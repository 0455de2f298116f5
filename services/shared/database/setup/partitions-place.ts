/** The upkeep of partitions at a place; each refuses a database that lacks migrations. */
import { type AdminConnection, connectAdmin } from '../connection/admin-connection.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import { type DetachOptions, detachPartitions, duePartitions } from '../partitions/detach-partitions.ts';
import { type PartitionStatus, partitionStatus } from '../partitions/partition-status.ts';
import type { DatabasePlace } from './database-place.ts';
import { requireMigrated } from './require-ready.ts';

async function asAdmin<Result>(
  place: DatabasePlace,
  service: string,
  work: (admin: AdminConnection) => Promise<Result>,
): Promise<Result> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireMigrated(admin);
  return await work(admin);
}

/** Makes the partitions up to `monthsAhead` months from now (default 12), and gives the names of the new ones. */
export async function createPartitionsAt(
  place: DatabasePlace,
  service: string,
  monthsAhead?: number,
): Promise<readonly string[]> {
  return await asAdmin(place, service, (admin) => createPartitions(admin, { monthsAhead }));
}

export async function partitionStatusAt(place: DatabasePlace, service: string): Promise<PartitionStatus> {
  return await asAdmin(place, service, (admin) => partitionStatus(admin));
}

/** Moves the partitions older than `keepMonths` months to `archive`, and gives their names there. */
export async function detachPartitionsAt(
  place: DatabasePlace,
  service: string,
  options: Pick<DetachOptions, 'keepMonths' | 'onArchived' | 'onStep'>,
): Promise<readonly string[]> {
  return await asAdmin(place, service, (admin) => detachPartitions(admin, options));
}

/** The names of those that `detachPartitionsAt` would move. */
export async function duePartitionsAt(
  place: DatabasePlace,
  service: string,
  keepMonths: number,
): Promise<readonly string[]> {
  const due = await asAdmin(place, service, (admin) => duePartitions(admin, { keepMonths }));
  return due.map(({ partition }) => `execution.${partition.name}`);
}
