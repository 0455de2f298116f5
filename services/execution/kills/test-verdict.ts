import { connectAsAdmin, type TestAddress, testServer } from '@quantum-hub/database/testing';
import { canBecome, isFinal, type JobStatus } from '../domain/job-states.ts';

async function ask<Row>(place: TestAddress, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = await connectAsAdmin(await testServer(), place.database);
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

export async function unfinished(place: TestAddress): Promise<number> {
  const [row] = await ask<{ jobs: number }>(
    place,
    `select count(*)::int as jobs from execution.jobs where status not in ('completed', 'failed', 'cancelled')`,
  );
  return row?.jobs ?? 0;
}

export interface Tally {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly attempts: number;
  /** Attempts whose worker was killed or cut off. */
  readonly lost: number;
}

export async function tallyOf(place: TestAddress): Promise<Tally> {
  const [row] = await ask<Tally>(
    place,
    `select (count(*) filter (where status = 'completed'))::int as completed, (count(*) filter (where status = 'failed'))::int as failed,
            (count(*) filter (where status = 'cancelled'))::int as cancelled, sum(attempts)::int as attempts,
            (select count(*)::int from execution.job_attempts where outcome = 'lost') as lost from execution.jobs`,
  );
  return row as Tally;
}

interface Ended {
  readonly id: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly history: JobStatus[];
  readonly numbers: number[];
  readonly results: number;
  readonly tries: (string | null)[];
}

/** What is wrong with a job that is over, by its rows and its history. */
function faultsOf({ id, status, attempts, history, numbers, results, tries }: Ended): string[] {
  const say = (fault: boolean, what: string) => (fault ? [`job ${id} ${what}`] : []);
  const steps = history.slice(1).map((to, index) => canBecome(history[index] as JobStatus, to));
  return [
    ...say(!isFinal(status), `is ${status}`),
    ...say(history.at(-1) !== status, `is ${status}, and its history ends with ${history.at(-1)}`),
    ...say(history.filter(isFinal).length !== 1, `ended ${history.filter(isFinal).length} times`),
    ...say(history[0] !== 'created' || steps.includes(false), `went ${history.join(' > ')}`),
    ...say(
      numbers.some((number, index) => number !== index + 1),
      'has gaps in its history',
    ),
    ...say(results !== (status === 'completed' ? 1 : 0), `is ${status} and has ${results} results`),
    ...say(tries.length !== attempts || tries.includes(null), `has ${attempts} attempts: ${tries.join()}`),
    ...say(
      tries.filter((outcome) => outcome === 'completed').length !== results,
      `completed ${tries.join()}`,
    ),
  ];
}

/** Everything that must hold when all is calm again. */
export async function findFaults(
  place: TestAddress,
  submitted: ReadonlyMap<number, string>,
): Promise<string[]> {
  const jobs = await ask<Ended>(
    place,
    `select id, status, attempts,
            array(select status from execution.job_events e where e.id = j.id order by number) as history,
            array(select number from execution.job_events e where e.id = j.id order by number) as numbers,
            (select count(*)::int from execution.job_results r where r.id = j.id) as results,
            array(select outcome from execution.job_attempts a where a.id = j.id order by number) as tries
       from execution.jobs j`,
  );
  const known = new Set(jobs.map(({ id }) => id));
  const lost = [...submitted]
    .filter(([, id]) => !known.has(id))
    .map(([number]) => `job number ${number} was acknowledged and is gone`);
  const keys = await ask<{ keys: number }>(
    place,
    'select count(distinct key)::int as keys from execution.job_idempotency_keys',
  );
  const left = await ask<{ queued: number; slots: number }>(
    place,
    `select (select count(*)::int from execution.job_queue) as queued,
            (select count(*)::int from execution.device_slots where job_id is not null) as slots`,
  );
  return [
    ...jobs.flatMap(faultsOf),
    ...lost,
    ...(keys[0]?.keys === jobs.length ? [] : [`${keys[0]?.keys} submissions made ${jobs.length} jobs`]),
    ...left.flatMap(({ queued, slots }) => [
      ...(queued ? [`${queued} entries are left in the queue`] : []),
      ...(slots ? [`${slots} slots are still taken`] : []),
    ]),
  ];
}
