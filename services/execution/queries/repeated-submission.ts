import type { Db } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import type { NewJob } from './insert-job.ts';

/**
 * The job that the same request made before under its key (as `execution`, for its user); undefined: the key is new. Asked before a program
 * is checked, so that a repetition costs one look; `insertJob` decides between two that come at once.
 */
export async function findRepeated(
  db: Db,
  userId: string,
  { key, requestHash }: NonNullable<NewJob['idempotency']>,
): Promise<string | undefined> {
  const { rows } = await db.query<{ jobId: string; same: boolean }>(
    `select job_id as "jobId", request_hash = $3 as same from execution.job_idempotency_keys
      where user_id = $1 and key = $2`,
    [userId, key, requestHash],
  );
  const [row] = rows;
  if (row?.same === false) throw hubError('execution.idempotency_key_reused', { key });
  return row?.jobId;
}
