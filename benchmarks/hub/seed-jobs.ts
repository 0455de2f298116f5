import { uuidv7Floor } from '@quantum-hub/kernel';
import type { Hub } from './open-hub.ts';
import type { People } from './seed-people.ts';

export interface Jobs {
  readonly jobs: number;
  /** Over how many months they are spread, from the hub's first month on. */
  readonly months: number;
}

/** A hub's past: the moment after its last job, and where its partitions begin. */
export interface Past extends Jobs {
  readonly now: Date;
  readonly partitions: number;
}

const firstMonth = { year: 2026, month: 10 };

function monthStart(index: number): Date {
  return new Date(Date.UTC(firstMonth.year, firstMonth.month + index, 1));
}

function partitionName(index: number): string {
  const [year, month] = monthStart(index).toISOString().split('-');
  return `jobs_${year}_${month}`;
}

/** One user, the first, has this share of all jobs; the others share the rest evenly. */
const shareOfBusiest = 0.1;

/**
 * Fills finished jobs into the months of a hub's life, evenly over the months. Time is made up: ids begin with the
 * hub's first month and reach into the future, because it is the number of months that costs, not their date.
 */
export async function seedJobs(hub: Hub, people: People, { jobs, months }: Jobs): Promise<Past> {
  for (let index = 0; index < months; index += 1) {
    await fillMonth(hub, people, index, Math.ceil(jobs / months));
  }
  await hub.admin.query('vacuum analyze execution.jobs');
  const { rows } = await hub.admin.query(
    `select count(*)::int as partitions from pg_inherits where inhparent = 'execution.jobs'::regclass`,
  );
  return { jobs, months, now: monthStart(months), partitions: rows[0].partitions };
}

/** A month is filled beside its parent and attached afterwards: its indexes are then built at once, not row by row. */
async function fillMonth({ admin }: Hub, people: People, index: number, jobs: number): Promise<void> {
  const name = partitionName(index);
  const [from, to] = [monthStart(index), monthStart(index + 1)];
  const { rows } = await admin.query(`select to_regclass('execution.${name}') is not null as exists`);
  // Results refer to jobs: a partition can be dropped only when it is no longer part of the table.
  if (rows[0].exists) {
    await admin.query(
      `alter table execution.jobs detach partition execution.${name}; drop table execution.${name}`,
    );
  }
  await admin.query(
    `create table execution.${name} (like execution.jobs including defaults including constraints)`,
  );
  await admin.query(
    `insert into execution.${name} (id, user_id, platform_id, device_id, name, program, program_language, status,
       queued_at, started_at, finished_at, cost_minor, currency)
     select overlay(overlay(replace(gen_random_uuid()::text, '-', '') placing lpad(to_hex($1 + n * $2), 12, '0') from 1)
              placing '7' from 13 for 1)::uuid,
            ($3::uuid[])[case when random() < $7 then 1 else 1 + floor(random() * cardinality($3::uuid[])) end],
            $4, $5, 'job ' || n,
            'OPENQASM 3.0; qubit[4] q; h q[0]; cx q[0], q[1];' || repeat(md5(n::text), 6), 'openqasm3', 'completed',
            to_timestamp(($1 + n * $2) / 1000), to_timestamp(($1 + n * $2) / 1000), to_timestamp(($1 + n * $2) / 1000),
            120, 'EUR'
     from generate_series(1::bigint, $6) n`,
    [
      from.getTime(),
      Math.floor((to.getTime() - from.getTime()) / (jobs + 1)),
      people.users,
      people.platform,
      people.device,
      jobs,
      shareOfBusiest,
    ],
  );
  await admin.query(`alter table execution.${name} owner to qhub_owner;
    alter table execution.jobs attach partition execution.${name}
      for values from ('${uuidv7Floor(from)}') to ('${uuidv7Floor(to)}')`);
}
