import { uuidv7Floor } from '@quantum-hub/kernel';
import { compare, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { type Acting, throughGetDb } from '../hub/doors.ts';
import type { Hub } from '../hub/open-hub.ts';
import type { Past } from '../hub/seed-jobs.ts';
import { newestJobs } from '../operations/newest-jobs.ts';

/** A hub with its past; the measured users have a full page of jobs within its last months. */
export interface Grown {
  readonly hub: Hub;
  readonly past: Past;
  readonly users: readonly string[];
}

/** How much slower a page may be on the largest hub than on the smallest. */
const flat = 1.3;

function label({ jobs, months, partitions }: Past): string {
  return `${jobs.toLocaleString('en')} jobs, ${months} month${months === 1 ? '' : 's'}, ${partitions} partitions`;
}

/** A user's newest 50 jobs on hubs of different sizes, one after the other on one connection. */
export async function newestOnGrownHubs(hubs: readonly Grown[], plan: Plan): Promise<Comparison> {
  let n = 0;
  const contenders = hubs.map(({ hub, past, users }) => ({
    name: label(past),
    run: async () => {
      n += 1;
      const user = users[n % users.length] as string;
      const acting: Acting = { as: 'execution', actor: user };
      const page = { user, before: uuidv7Floor(past.now) };
      const rows = await throughGetDb(hub, acting, (db) => newestJobs((s) => db.query(s), page));
      if (rows.length !== 50) throw new Error(`A page holds ${rows.length} jobs; expected 50.`);
    },
  }));
  const whole = { ...plan, concurrency: 1 };
  const rows = await compare(contenders, whole);
  const aims = rows.slice(1).map(({ name, ratio }) => ({
    what: `time with ${name} against the first`,
    value: 1 / ratio,
    atMost: flat,
  }));
  return { title: "a user's newest 50 jobs", plan: whole, rows, aims };
}
