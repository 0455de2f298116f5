import { without } from '@quantum-hub/database/testing';
import type { Plan } from './harness/compare.ts';
import { type Comparison, machine, type Run } from './harness/report.ts';
import { type Hub, openHub } from './hub/open-hub.ts';
import { type Past, seedJobs } from './hub/seed-jobs.ts';
import { type People, seedPeople } from './hub/seed-people.ts';
import { seedResults, usersWithRecentJobs } from './hub/seed-results.ts';
import { backupSteps } from './measurements/backups.ts';
import { changesUnderWriters } from './measurements/changes-under-writers.ts';
import { timeOfVerify, upAgainstPsql } from './measurements/migrations.ts';
import { type Grown, newestOnGrownHubs } from './measurements/newest.ts';
import { costOfRowSecurity, disableRowSecurity, type Subject } from './measurements/row-security.ts';
import { unitsOfWork } from './measurements/units-of-work.ts';
import { monthsBefore } from './operations/newest-jobs.ts';
import type { Size, Sizes } from './sizes.ts';

/** How many users take turns: enough that one user's rows are not all that is read. */
const measuredUsers = 20;

interface Seeded {
  readonly hub: Hub;
  readonly people: People;
  readonly past: Past;
}

async function seeded(hub: Hub, { users, ...jobs }: Size): Promise<Seeded> {
  const people = await seedPeople(hub, users);
  return { hub, people, past: await seedJobs(hub, people, jobs) };
}

async function grown({ hub, people, past }: Seeded): Promise<Grown> {
  const users = await usersWithRecentJobs(hub, people, monthsBefore(past.now, 2), measuredUsers);
  return { hub, past, users, busiest: people.users[0] as string };
}

async function subject({ hub, people, past }: Seeded): Promise<Subject> {
  return { hub, people, now: past.now, jobs: await seedResults(hub, people) };
}

/** Fills the hubs, measures everything in turn and hands each comparison over as soon as it is there. */
export async function runBenchmarks(
  { plan, hubs, migrations, backups }: Sizes,
  onComparison: (comparison: Comparison) => void,
  onProgress: (line: string) => void,
): Promise<Run> {
  await using stack = new AsyncDisposableStack();
  const whole: Plan = { ...plan, concurrency: 1 };
  const comparisons: Comparison[] = [];
  const add = (comparison: Comparison) => {
    comparisons.push(comparison);
    onComparison(comparison);
  };
  const filled: Seeded[] = [];
  for (const size of hubs) {
    onProgress(`filling a hub with ${size.jobs.toLocaleString('en')} jobs`);
    filled.push(await seeded(stack.use(await openHub()), size));
  }
  const [small] = filled as [Seeded];
  const open = await seeded(stack.use(await openHub()), hubs[0] as Size);
  await disableRowSecurity(open.hub);

  for (const one of await newestOnGrownHubs(await Promise.all(filled.map(grown)), whole)) add(one);
  for (const one of await costOfRowSecurity(await subject(open), await subject(small), whole)) add(one);
  // Last, because it adds jobs to the small hub.
  for (const one of await unitsOfWork(small.hub, small.people, small.past.now, whole)) add(one);

  const lacking = without('psql', 'postgresql-client');
  if (lacking) onProgress(`up against psql is left out: ${lacking}`);
  else add(await upAgainstPsql(migrations.rounds));
  add(await timeOfVerify(migrations.verified));
  const programs = without('pg_dump', 'postgresql-client');
  if (programs) onProgress(`backups against pg_dump are left out: ${programs}`);
  else for (const one of await backupSteps(backups)) add(one);
  if (migrations.changedRows !== undefined) {
    for (const one of await changesUnderWriters(migrations.changedRows, onProgress)) add(one);
  }

  const { rows } = await small.hub.admin.query('show server_version');
  return { date: new Date().toISOString(), machine: machine(rows[0].server_version), comparisons };
}
