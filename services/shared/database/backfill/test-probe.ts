/** A table to change in tests, which remembers each change of each row. */
import type { Client } from 'pg';
import { connectAdmin } from '../connection/admin-connection.ts';
import type { TestAddress } from '../testing/index.ts';
import type { Backfill } from './definition.ts';
import type { Connect } from './run-backfill.ts';

/** Rows 1 to `rows`; `probe.changes` gets a line for each row that an UPDATE changes. */
export async function makeProbe(admin: Client, rows: number): Promise<void> {
  await admin.query(`
    drop schema if exists probe cascade;
    create schema probe authorization qhub_owner;
    grant usage on schema probe to qhub_maintenance;
    set role qhub_owner;
    create table probe.items (id bigint primary key, done boolean not null default false);
    create table probe.changes (id bigint not null);
    create function probe.note() returns trigger language plpgsql as
      $$ begin insert into probe.changes values (new.id); return null; end $$;
    create trigger note after update on probe.items for each row execute function probe.note();
    grant select, update on probe.items to qhub_maintenance;
    grant insert on probe.changes to qhub_maintenance;
    grant execute on function probe.note() to qhub_maintenance;
    reset role`);
  await admin.query('insert into probe.items (id) select n from generate_series(1, $1) n', [rows]);
  await admin.query('analyze probe.items');
}

/** How many rows are there, how many are done, and how often a row was changed. */
export async function probeResult(admin: Client) {
  const { rows } = await admin.query(
    `select (select count(*)::int from probe.items) as rows, (select count(*)::int from probe.items where done) as done,
            (select count(*)::int from probe.changes) as changes, (select count(distinct id)::int from probe.changes) as changed`,
  );
  return rows[0] as { rows: number; done: number; changes: number; changed: number };
}

export function probeBackfill(name: string, changes: { set?: string; where?: string } = {}): Backfill {
  return { name, table: 'probe.items', key: 'id', where: 'not done', set: 'done = true', ...changes };
}

export function connectTo(address: TestAddress): Connect {
  return () => connectAdmin(address, { service: 'test-backfill' });
}
