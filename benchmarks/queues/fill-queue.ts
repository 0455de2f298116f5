import type { TestDatabase } from '@quantum-hub/database/testing';

export interface Backlog {
  readonly deviceId: string;
  readonly platformId: string;
  readonly users: number;
  /** Spread evenly over the users, each at its own millisecond. */
  readonly jobs: number;
}

const anyId = `overlay(gen_random_uuid()::text placing '7' from 15 for 1)::uuid`;

/** UUIDv7 of the moment `n` milliseconds after the first of a backlog that ends now. */
const id = `overlay(overlay(replace(gen_random_uuid()::text, '-', '') placing
  lpad(to_hex((extract(epoch from now()) * 1000)::bigint - $1::bigint + n), 12, '0') from 1) placing '7' from 13 for 1)::uuid`;

/**
 * Fills the queue of a device as submissions leave it, in bulk: users who had turns before, jobs and their entries, one slot that is
 * free. Checks of references and triggers are left out meanwhile; they would take minutes.
 */
export async function fillQueue(
  admin: TestDatabase['admin'],
  { deviceId, platformId, users, jobs }: Backlog,
): Promise<void> {
  await admin.query(
    `insert into execution.device_slots (id, device_id, slot_number) values (${anyId}, $1, 1)`,
    [deviceId],
  );
  await admin.query(
    `insert into identity.users (id, username) select ${anyId}, 'user-' || n from generate_series(1, $1::int) n`,
    [users],
  );
  await admin.query(
    `insert into execution.device_turns (id, device_id, user_id, last_started_at)
     select ${anyId}, $1, id, now() - random() * interval '1 day' from identity.users`,
    [deviceId],
  );
  await admin.query(`set session_replication_role = replica`);
  await admin.query(
    `create temporary table backlog as
     select ${id} as id, u.id as user_id from generate_series(0::bigint, $1::bigint - 1) n
       join (select id, row_number() over (order by id) - 1 as place from identity.users) u on u.place = n % $2::int`,
    [jobs, users],
  );
  await admin.query(
    `insert into execution.job_queue (id, user_id, device_id, status, run_at) select id, user_id, $1, 'queued', now() from backlog`,
    [deviceId],
  );
  await admin.query(
    `insert into execution.jobs (id, user_id, platform_id, device_id, name, type, program, program_language, request_kind, shots,
       status, inputs, queued_at, events)
     select id, user_id, $1, $2, 'benchmark', 'simulation', 'OPENQASM 3.0; qubit q; bit c; c = measure q;', 'openqasm3', 'counts', 100,
       'queued', '{}', now(), 2 from backlog`,
    [platformId, deviceId],
  );
  await admin.query(`set session_replication_role = origin; drop table backlog`);
  await admin.query('vacuum analyze');
}
