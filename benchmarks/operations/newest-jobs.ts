import type { Db } from '@quantum-hub/database';
import { Job } from '@quantum-hub/database/models';
import { uuidv7Floor, uuidv7Timestamp } from '@quantum-hub/kernel';
import { sql } from 'kysely';
import type { Send, Statement } from '../hub/doors.ts';

/** How a page of a user's jobs is asked for: those older than `before`, an id. */
export interface PageOfJobs {
  readonly user: string;
  readonly before: string;
}

const pageSize = 50;
const monthsOfFirstStep = 3;

const columns =
  'id, name, status, type, device_id, shots, priority, created_at, started_at, finished_at, cost_minor, currency';

const recent = `select ${columns} from execution.jobs
  where user_id = $1 and id < $2 and id >= $3 order by id desc limit $4`;
const older = `select ${columns} from execution.jobs
  where user_id = $1 and id < $2 order by id desc limit $3`;

/** The lowest id of the month that lies `months` before that of a date. */
export function monthsBefore(date: Date, months: number): string {
  return uuidv7Floor(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1)));
}

/** Where the first step ends: it goes through the month of the id and the two before. */
function floorOf(id: string): string {
  return monthsBefore(uuidv7Timestamp(id), monthsOfFirstStep - 1);
}

/**
 * A user's newest jobs before an id, in two steps (ADR 0001). The first is bounded to three months, so that only their
 * partitions are planned; for most users it suffices. The second goes through the rest. Neither has a name, so each is
 * planned for the values at hand: a plan kept for all values reads every job of the user in the window and sorts them.
 */
export async function newestJobs(send: Send, { user, before }: PageOfJobs): Promise<unknown[]> {
  const floor = floorOf(before);
  const { rows } = await send({ text: recent, values: [user, before, floor, pageSize] });
  if (rows.length === pageSize) return rows;
  const rest = await send({ text: older, values: [user, floor, pageSize - rows.length] });
  return [...rows, ...rest.rows];
}

/** The first step alone, for a look at its plan. */
export function firstStep({ user, before }: PageOfJobs): Statement {
  return { text: recent, values: [user, before, floorOf(before), pageSize] };
}

/** The first step with Kysely. */
export async function newestJobsByKysely({ kysely }: Db, { user, before }: PageOfJobs): Promise<unknown[]> {
  const { rows } = await sql`select ${sql.raw(columns)} from execution.jobs
    where user_id = ${user} and id < ${before} and id >= ${floorOf(before)}
    order by id desc limit ${pageSize}`.execute(kysely);
  return rows;
}

/** The first step with entities. */
export async function newestJobsAsEntities({ em }: Db, { user, before }: PageOfJobs): Promise<unknown[]> {
  return await em.find(
    Job,
    { user, id: { $lt: before, $gte: floorOf(before) } },
    { orderBy: { id: 'desc' }, limit: pageSize },
  );
}
