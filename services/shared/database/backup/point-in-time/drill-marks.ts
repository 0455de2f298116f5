/**
 * Rows by which a drill knows a moment. They lie in the maintenance database `postgres`, which no service uses: a base backup
 * is of the whole server, so users' tables prove nothing that these do not, and nothing is ever written there.
 */
import type { AdminConnection } from '../../connection/admin-connection.ts';

/** How many rows are written before the moment, and how many after. */
const rowsEach = 3;

export interface Marks {
  readonly drill: string;
  /** When the rows before the moment were committed. */
  readonly writtenAt: Date;
  /** Between the last commit before and the first after; microseconds. */
  readonly moment: string;
}

export async function writeMarks(server: AdminConnection, drill: string): Promise<Marks> {
  await server.query(`
    create schema if not exists qhub_drill;
    revoke all on schema qhub_drill from public;
    create table if not exists qhub_drill.marks (
      drill uuid not null,
      phase text not null check (phase in ('before', 'after')),
      written_at timestamptz not null default clock_timestamp()
    );
    delete from qhub_drill.marks where written_at < now() - interval '30 days';`);
  await write(server, drill, 'before');
  const { rows } = await server.query<{ moment: string; now: Date }>(
    `select to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment, now
     from (select clock_timestamp() as now) as clock`,
  );
  await write(server, drill, 'after');
  return { drill, moment: rows[0]?.moment ?? '', writtenAt: rows[0]?.now ?? new Date() };
}

/** On disk when it returns, also on a server that would rather not wait for its disk. */
async function write(server: AdminConnection, drill: string, phase: string): Promise<void> {
  await server.query(`
    begin; set local synchronous_commit = local;
    insert into qhub_drill.marks (drill, phase) select '${drill}', '${phase}' from generate_series(1, ${rowsEach});
    commit;`);
}

export interface FoundMarks {
  readonly before: number;
  readonly after: number;
}

export async function findMarks(server: AdminConnection, drill: string): Promise<FoundMarks> {
  const there = await server.query<{ there: boolean }>(
    "select to_regclass('qhub_drill.marks') is not null as there",
  );
  if (!there.rows[0]?.there) return { before: 0, after: 0 };
  const { rows } = await server.query<FoundMarks>(
    `select count(*) filter (where phase = 'before')::int as before, count(*) filter (where phase = 'after')::int as after
     from qhub_drill.marks where drill = $1`,
    [drill],
  );
  return rows[0] ?? { before: 0, after: 0 };
}

/** What is wrong with the rows that a recovered server has; undefined when they are just those up to the moment. */
export function faultOfMarks({ before, after }: FoundMarks): string | undefined {
  if (before !== rowsEach) {
    return `${before} of the ${rowsEach} rows written before the moment are there: the recovery stopped too early`;
  }
  if (after !== 0) return `${after} rows written after the moment are there: the recovery went too far`;
  return undefined;
}
