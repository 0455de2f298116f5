import type { Db } from '@quantum-hub/database';

/**
 * Which of these blobs belong to a job that is here and whose result, if there is one, is another document (as `worker`); by id and hash, a
 * point between them.
 */
export async function orphansAmong(
  db: Db,
  blobs: readonly { readonly jobId: string; readonly sha256: string }[],
): Promise<ReadonlySet<string>> {
  // The ids as values, so that only their partitions are planned and read.
  const ids = [...new Set(blobs.map(({ jobId }) => jobId))];
  const jobs = await db.query<{ id: string }>('select id from execution.jobs where id = any($1::uuid[])', [
    ids,
  ]);
  const results = await db.query<{ id: string; sha256: string | null }>(
    `select id, data->'blob'->>'sha256' as sha256 from execution.job_results where id = any($1::uuid[])`,
    [ids],
  );
  const here = new Set(jobs.rows.map(({ id }) => id));
  const kept = new Set(results.rows.map(({ id, sha256 }) => `${id}.${sha256}`));
  const names = blobs.filter(({ jobId }) => here.has(jobId)).map(({ jobId, sha256 }) => `${jobId}.${sha256}`);
  return new Set(names.filter((name) => !kept.has(name)));
}
