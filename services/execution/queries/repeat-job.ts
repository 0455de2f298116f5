import type { Db } from '@quantum-hub/database';
import type { JobStatus } from '../domain/job-states.ts';
import type { NewJob } from './insert-job.ts';

/** What a job asked, to be asked again. */
export interface EarlierJob {
  readonly status: JobStatus;
  readonly asked: Omit<NewJob, 'id' | 'retryOf' | 'idempotency' | 'scheduledFor'>;
}

type Row = { [Key in keyof EarlierJob['asked']]-?: EarlierJob['asked'][Key] | null } & {
  status: JobStatus;
  source: string | null;
  language: string | null;
};

/** A job that the actor may see, with all that it asked but its time; undefined for every other one. */
export async function findAsked(db: Db, id: string): Promise<EarlierJob | undefined> {
  const { rows } = await db.query<Row>(
    `select status, user_id as "userId", platform_id as "platformId", device_id as "deviceId", app_version_id as "appVersionId",
            subscription_id as "subscriptionId", name, type, program as source, program_language as language,
            program_hash as "programHash", request_kind as "requestKind", observables, shots, seed::float8 as seed, memory, inputs,
            priority, max_run_seconds as "maxRunSeconds", max_attempts as "maxAttempts"
       from execution.jobs where id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { status, source, language, ...rest } = row;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  const program = source !== null && language !== null ? { program: { source, language } } : {};
  return { status, asked: { ...given, ...program } as unknown as EarlierJob['asked'] };
}
