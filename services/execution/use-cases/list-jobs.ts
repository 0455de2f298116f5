import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { hubError, type Page, pageOf, readPageRequest } from '@quantum-hub/kernel';
import type { JobStatus } from '../domain/job-states.ts';
import { findDeviceByAddress } from '../queries/devices.ts';
import { type JobRow, listJobs as listRows } from '../queries/read-jobs.ts';

export type JobListing = {
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly status?: JobStatus | undefined;
  /** `platform/name` */
  readonly device?: string | undefined;
};

/** One's own jobs, newest first. Throws `execution.device_not_found` for a filter that names none. */
export async function listJobs(actor: Actor, { status, device, ...page }: JobListing): Promise<Page<JobRow>> {
  const request = readPageRequest({
    ...(page.limit !== undefined && { limit: page.limit }),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  });
  return await getDb(
    async (db) => {
      const known = device === undefined ? undefined : await findDeviceByAddress(db, device);
      if (device !== undefined && !known) throw hubError('execution.device_not_found', { device });
      const filter = {
        userId: actor.userId,
        ...(status && { status }),
        ...(known && { deviceId: known.id }),
      };
      return pageOf(await listRows(db, filter, request), request.limit);
    },
    { as: 'execution', actor: actor.userId, readOnly: true },
  );
}
