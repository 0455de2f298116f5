import { uuidv7Floor } from '@quantum-hub/kernel';
import { compare, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { type Acting, type Send, type Statement, throughGetDb, throughPg } from '../hub/doors.ts';
import type { Hub } from '../hub/open-hub.ts';
import type { People } from '../hub/seed-people.ts';
import { firstStep, newestJobs } from '../operations/newest-jobs.ts';

/** A hub, and a user of it who has jobs with results. */
export interface Subject {
  readonly hub: Hub;
  readonly people: People;
  readonly now: Date;
  /** A finished job of each of `people.users`, in their order; each has a result. */
  readonly jobs: readonly string[];
}

interface Reading {
  readonly title: string;
  readonly run: (send: Send, subject: Subject, n: number) => Promise<unknown>;
  /** What the plan is shown of. */
  readonly statement: (subject: Subject, n: number) => Statement;
}

/** Whose plan is shown: not the busiest user's, the first, whose rows are quick to find without an index on users. */
const shown = 1;

const userOf = ({ people }: Subject, n: number) => people.users[n % people.users.length] as string;
const jobOf = ({ jobs }: Subject, n: number) => jobs[n % jobs.length] as string;
const pageOf = (subject: Subject, n: number) => ({
  user: userOf(subject, n),
  before: uuidv7Floor(subject.now),
});

/** One row by its id, which the application asks for without naming the owner: the policy does. */
function byId(title: string, table: string, columns: string): Reading {
  const statement = (subject: Subject, n: number) => ({
    text: `select ${columns} from execution.${table} where id = $1`,
    values: [jobOf(subject, n)],
  });
  return { title, statement, run: (send, subject, n) => send(statement(subject, n)) };
}

const readings: readonly Reading[] = [
  {
    title: "a user's newest 50 jobs",
    run: (send, subject, n) => newestJobs(send, pageOf(subject, n)),
    statement: (subject, n) => firstStep(pageOf(subject, n)),
  },
  byId('one job by its id', 'jobs', 'id, name, status, program'),
  byId('one result by its id', 'job_results', 'id, counts, shots, duration_ms'),
];

/** The plan as PostgreSQL tells it, without times, which differ from run to run. */
async function planOf(
  subject: Subject,
  acting: Acting,
  { text, values }: Statement,
): Promise<readonly string[]> {
  const explain = `explain (analyze, buffers, costs off, timing off, summary off) ${text}`;
  const { rows } = await throughPg(subject.hub, acting, (send) => send({ text: explain, values }));
  return rows.map((row) => row['QUERY PLAN'] as string);
}

/** Takes every policy of the execution schema out of force, for the hub that is compared with. */
export async function disableRowSecurity({ admin }: Hub): Promise<void> {
  const { rows } = await admin.query(
    `select c.oid::regclass as table from pg_class c
     where c.relnamespace = 'execution'::regnamespace and c.relrowsecurity`,
  );
  for (const { table } of rows) await admin.query(`alter table ${table} disable row level security`);
}

/** The same readings on two hubs that are filled alike, with row security and without. */
export async function costOfRowSecurity(
  without: Subject,
  guarded: Subject,
  plan: Plan,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const whole = { ...plan, concurrency: 1 };
  for (const { title, run, statement } of readings) {
    let n = 0;
    const contender = (name: string, subject: Subject) => ({
      name,
      run: () => {
        n += 1;
        const acting: Acting = { as: 'execution', actor: userOf(subject, n) };
        return throughGetDb(subject.hub, acting, (db) => run((s) => db.query(s), subject, n));
      },
    });
    const rows = await compare(
      [contender('without', without), contender('with row security', guarded)],
      whole,
    );
    const actor = (subject: Subject): Acting => ({ as: 'execution', actor: userOf(subject, shown) });
    comparisons.push({
      title: `row security: ${title}`,
      plan: whole,
      rows,
      aims: [],
      plans: {
        without: await planOf(without, actor(without), statement(without, shown)),
        'with row security': await planOf(guarded, actor(guarded), statement(guarded, shown)),
      },
    });
  }
  return comparisons;
}
