import type { TestAddress } from '@quantum-hub/database/testing';
import pg from 'pg';

/** What runs statements: a client of node-postgres, or what graphile-worker hands to a task. */
interface Runs {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<unknown>;
}

/**
 * The history that the hub keeps of each job, for peers whose own is a row that changes or goes: every change a row with its time and
 * origin, every try a row with worker, times and end. In plain tables, without checks, triggers, row security or partitions.
 */
export class PeerHistory {
  readonly #schema: string;

  private constructor(schema: string) {
    this.#schema = schema;
  }

  static async create(pool: pg.Pool, schema: string): Promise<PeerHistory> {
    await pool.query(`create schema if not exists ${schema};
      create table ${schema}.events (job_id text, number int, status text not null, origin text not null,
        at timestamptz not null default now(), primary key (job_id, number));
      create table ${schema}.attempts (job_id text, number int, worker text not null, started_at timestamptz not null default now(),
        finished_at timestamptz, outcome text, result jsonb, primary key (job_id, number))`);
    return new PeerHistory(schema);
  }

  submitted(db: Runs, job: string): Promise<unknown> {
    return db.query({
      name: 'history_submitted',
      text: `insert into ${this.#schema}.events (job_id, number, status, origin) values ($1, 1, 'created', 'user'), ($1, 2, 'queued', 'user')`,
      values: [job],
    });
  }

  /** @param attempt counted from 1 */
  started(db: Runs, job: string, attempt: number): Promise<unknown> {
    return db.query({
      name: 'history_started',
      text: `with event as (
          insert into ${this.#schema}.events (job_id, number, status, origin) values ($1, 1 + 2 * $2::int, 'running', 'worker'))
        insert into ${this.#schema}.attempts (job_id, number, worker) values ($1, $2::int, $3)`,
      values: [job, attempt, String(process.pid)],
    });
  }

  completed(db: Runs, job: string, attempt: number, result: object): Promise<unknown> {
    return db.query({
      name: 'history_completed',
      text: `with event as (
          insert into ${this.#schema}.events (job_id, number, status, origin) values ($1, 2 + 2 * $2::int, 'completed', 'worker'))
        update ${this.#schema}.attempts set finished_at = now(), outcome = 'completed', result = $3 where job_id = $1 and number = $2::int`,
      values: [job, attempt, result],
    });
  }
}

/** Statements that are asked for at once are sent at once, as the hub's are. */
export function openPeerPool(administrator: TestAddress, max: number): pg.Pool {
  const pool = new pg.Pool({ ...administrator, max, pipeline: true } as pg.PoolConfig);
  // A connection that breaks is replaced by the pool; graphile-worker warns where nobody listens.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Opens a transaction without waiting for the answer, and commits; `work` may throw to roll back. */
export async function inPeerTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    const [, result] = await Promise.all([client.query('begin'), work(client)]);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
