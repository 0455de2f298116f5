import type { Db } from '@quantum-hub/database';
import { type PageRequest, uuidv7Floor, uuidv7Timestamp } from '@quantum-hub/kernel';
import type { JobStatus } from '../domain/job-states.ts';

/** A job as its user sees it; its program apart (`findJobProgram`), which may be a megabyte. */
export interface JobRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly type: string;
  readonly platform: string;
  readonly device: string;
  readonly deviceId: string;
  readonly status: JobStatus;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly programLanguage: string | null;
  readonly programHash: Buffer | null;
  readonly requestKind: 'counts' | 'expectation' | 'resources';
  readonly observables: readonly string[] | null;
  readonly shots: number | null;
  readonly seed: number | null;
  readonly memory: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly priority: number;
  readonly scheduledFor: Date | null;
  readonly maxRunSeconds: number | null;
  readonly maxAttempts: number;
  readonly retryOf: string | null;
  readonly attempts: number;
  /** Number of the last event: it grows with every change. */
  readonly events: number;
  /** Share of the present run, 0 to 1; null: it does not run, or says nothing. */
  readonly progress: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

const columns = `j.id, j.user_id as "userId", j.name, j.type, p.name as platform, d.name as device, j.device_id as "deviceId",
  j.status, j.error_code as "errorCode", j.error_message as "errorMessage", j.program_language as "programLanguage",
  j.program_hash as "programHash", j.request_kind as "requestKind", j.observables, j.shots, j.seed::float8 as seed, j.memory,
  j.inputs, j.priority, j.scheduled_for as "scheduledFor", j.max_run_seconds as "maxRunSeconds",
  j.max_attempts as "maxAttempts", j.retry_of as "retryOf", j.attempts, j.events, q.progress, j.created_at as "createdAt",
  j.updated_at as "updatedAt", j.queued_at as "queuedAt", j.started_at as "startedAt", j.finished_at as "finishedAt"`;

/** Around some rows of `jobs` called j: the few that are wanted are found before anything is joined. */
const around = (rows: string) => `select ${columns} from (${rows}) j
  join execution.devices d on d.id = j.device_id join execution.platforms p on p.id = j.platform_id
  left join execution.job_queue q on q.id = j.id order by j.id desc`;

const one = around('select * from execution.jobs where id = $1');

/** A job that the actor of the unit of work may see; undefined for every other one. */
export async function findJob(db: Db, id: string): Promise<JobRow | undefined> {
  const { rows } = await db.query<JobRow>(one, [id]);
  return rows[0];
}

/** The source of a job's own program; undefined when there is no such job, null when it runs a version of an app. */
export async function findJobProgram(db: Db, id: string): Promise<string | null | undefined> {
  const { rows } = await db.query<{ program: string | null }>(
    'select program from execution.jobs where id = $1',
    [id],
  );
  return rows[0]?.program;
}

export interface JobFilter {
  readonly userId: string;
  readonly status?: JobStatus;
  readonly deviceId?: string;
}

const filter = `user_id = $1 and ($2::text is null or status = $2) and ($3::uuid is null or device_id = $3)`;
const recent = around(
  `select * from execution.jobs where ${filter} and id < $4 and id >= $5 order by id desc limit $6`,
);
const older = around(`select * from execution.jobs where ${filter} and id < $4 order by id desc limit $5`);

/** Higher than every id. */
const noCursor = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The lowest id of the month two months before that of an id (or of now): three months of partitions lie above it. */
function floorBelow(before: string): string {
  const from = before === noCursor ? new Date() : uuidv7Timestamp(before);
  return uuidv7Floor(new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() - 2, 1)));
}

/**
 * A user's newest jobs, one more than the page holds (kernel `pageOf`), in two steps (ADR 0001): three months first, of which
 * only the partitions are planned, and the rest only when that did not fill the page. Neither has a name: a plan kept for all
 * values would read every job of the user.
 */
export async function listJobs(
  db: Db,
  { userId, status, deviceId }: JobFilter,
  { limit, after }: PageRequest,
): Promise<JobRow[]> {
  const before = after ?? noCursor;
  const floor = floorBelow(before);
  const wanted = limit + 1;
  const filters = [userId, status ?? null, deviceId ?? null];
  const { rows } = await db.query<JobRow>(recent, [...filters, before, floor, wanted]);
  if (rows.length === wanted) return rows;
  const rest = await db.query<JobRow>(older, [...filters, floor, wanted - rows.length]);
  return [...rows, ...rest.rows];
}
