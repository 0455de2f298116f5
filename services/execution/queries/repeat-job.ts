import type { Db } from '@quantum-hub/database';
import type { JobStatus } from '../domain/job-states.ts';
import type { NewJob } from './insert-job.ts';

/** What a job asked, to be asked again. */
export interface EarlierJob {
  readonly status: JobStatus;
  /** `platform/name` */
  readonly device: string;
  /** What it ran, its own or that of a version of an app. */
  readonly source: string;
  readonly language: string;
  readonly asked: Omit<NewJob, 'id' | 'retryOf' | 'idempotency' | 'scheduledFor'>;
}

type Row = { [Key in keyof EarlierJob['asked']]-?: EarlierJob['asked'][Key] | null } & {
  status: JobStatus;
  device: string;
  source: string;
  language: string;
  own: boolean;
};

/** A job that the actor may see, with all that it asked but its time; undefined for every other one. */
export async function findAsked(db: Db, id: string): Promise<EarlierJob | undefined> {
  const { rows } = await db.query<Row>(
    `select j.status, p.name || '/' || d.name as device, coalesce(j.program, v.program) as source,
            coalesce(j.program_language, v.program_language) as language, j.program is not null as own,
            j.user_id as "userId", j.platform_id as "platformId", j.device_id as "deviceId", j.app_version_id as "appVersionId",
            j.subscription_id as "subscriptionId", j.name, j.type, j.program_hash as "programHash",
            j.request_kind as "requestKind", j.observables, j.shots, j.seed::float8 as seed, j.memory, j.inputs,
            j.priority, j.max_run_seconds as "maxRunSeconds", j.max_attempts as "maxAttempts"
       from execution.jobs j join execution.devices d on d.id = j.device_id join execution.platforms p on p.id = d.platform_id
       left join development.app_versions v on v.id = j.app_version_id
      where j.id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { status, device, source, language, own, ...rest } = row;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  const program = own ? { program: { source, language } } : {};
  return {
    status,
    device,
    source,
    language,
    asked: { ...given, ...program } as unknown as EarlierJob['asked'],
  };
}
