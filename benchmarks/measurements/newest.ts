import { uuidv7Floor } from '@quantum-hub/kernel';
import { compare, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { type Acting, throughGetDb } from '../hub/doors.ts';
import type { Hub } from '../hub/open-hub.ts';
import type { Past } from '../hub/seed-jobs.ts';
import { newestJobs } from '../operations/newest-jobs.ts';

/** A hub with its past; all of these users have a full page of jobs within its last months. */
export interface Grown {
  readonly hub: Hub;
  readonly past: Past;
  readonly users: readonly string[];
  /** The user who has a tenth of all its jobs. */
  readonly busiest: string;
}

/** How much slower a page may be on the largest hub than on the smallest. */
const flat = 1.3;

function label({ jobs, months, partitions }: Past): string {
  return `${jobs.toLocaleString('en')} jobs, ${months} month${months === 1 ? '' : 's'}, ${partitions} partitions`;
}

type Choose = (hub: Grown, n: number) => string;

async function newest(
  title: string,
  hubs: readonly Grown[],
  choose: Choose,
  plan: Plan,
): Promise<Comparison> {
  let n = 0;
  const contenders = hubs.map((grown) => ({
    name: label(grown.past),
    run: async () => {
      n += 1;
      const user = choose(grown, n);
      const acting: Acting = { as: 'execution', actor: user };
      const page = { user, before: uuidv7Floor(grown.past.now) };
      const rows = await throughGetDb(grown.hub, acting, (db) => newestJobs((s) => db.query(s), page));
      if (rows.length !== 50) throw new Error(`A page holds ${rows.length} jobs; expected 50.`);
    },
  }));
  const rows = await compare(contenders, plan);
  const aims = rows.slice(1).map(({ name, ratio }) => ({
    what: `time with ${name} against the first`,
    value: 1 / ratio,
    atMost: flat,
  }));
  return { title, plan, rows, aims };
}

/** A user's newest 50 jobs on hubs of different sizes, one after the other on one connection. */
export async function newestOnGrownHubs(hubs: readonly Grown[], plan: Plan): Promise<Comparison[]> {
  const single = { ...plan, concurrency: 1 };
  const any: Choose = ({ users }, n) => users[n % users.length] as string;
  return [
    await newest("a user's newest 50 jobs", hubs, any, single),
    await newest(
      'the newest 50 jobs of the user with a tenth of all jobs',
      hubs,
      ({ busiest }) => busiest,
      single,
    ),
  ];
}
