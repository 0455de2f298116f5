/** hub.migrations: what a database has had, and what was begun there and not finished. */
import { ownerRole } from '../provision/roles.ts';
import type { Migration } from './files.ts';
import { type AdminSession, asOwner } from './owner-transaction.ts';

export type Direction = 'up' | 'down';

export type RecordedMigration = {
  readonly name: string;
  readonly sha256: string;
  /** When it was applied; null while it is being applied outside of a transaction. */
  readonly appliedAt: Date | null;
  readonly durationMs: number | null;
  /** Begun outside of a transaction in this direction, and not finished: it is under way, or its runner died. */
  readonly unfinished: Direction | null;
};

export const bookkeepingSql = `create schema if not exists hub;
create table if not exists hub.migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamptz null default now(),
  duration_ms integer null,
  unfinished text null,
  constraint migrations_pkey primary key (name),
  constraint migrations_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint migrations_unfinished_check check (unfinished in ('up', 'down'))
);
comment on table hub.migrations is 'The migrations that this database has had.';
comment on column hub.migrations.name is 'Name in the file ORDER.';
comment on column hub.migrations.sha256 is 'SHA-256 of the up file as it was applied.';
comment on column hub.migrations.applied_at is 'When it was applied; null until then.';
comment on column hub.migrations.duration_ms is 'How long it took; null until then, and where it was recorded by hand.';
comment on column hub.migrations.unfinished is 'The direction of a migration without transaction that was begun and is not finished.';`;

/** Whether a database has bookkeeping already. Needs no rights, not even to the schema. */
export async function hasBookkeeping(session: AdminSession): Promise<boolean> {
  const { rows } = await session.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'hub' and c.relname = 'migrations'`,
  );
  return rows.length > 0;
}

/** All that is recorded; nothing where there is no bookkeeping yet. In a transaction as the owner. */
export async function readRecorded(session: AdminSession): Promise<RecordedMigration[]> {
  if (!(await hasBookkeeping(session))) return [];
  const { rows } = await session.query(
    `select name, sha256, applied_at as "appliedAt", duration_ms as "durationMs", unfinished
       from hub.migrations order by name`,
  );
  return rows as RecordedMigration[];
}

/** The same outside of transactions, without the runners' lock, for a login that may act as the owner. */
export async function lookUpRecorded(session: AdminSession): Promise<RecordedMigration[]> {
  if (!(await hasBookkeeping(session))) return [];
  return await asOwner(session, () => readRecorded(session));
}

/** In a transaction as the owner; a migration may have changed the role. */
export async function recordApplied(
  session: AdminSession,
  { name, sha256 }: Pick<Migration, 'name' | 'sha256'>,
  durationMs: number | null,
): Promise<void> {
  await session.query(`set local role ${ownerRole}`);
  await session.query(
    `insert into hub.migrations (name, sha256, duration_ms) values ($1, $2, $3)
     on conflict (name) do update set sha256 = excluded.sha256, duration_ms = excluded.duration_ms,
       applied_at = coalesce(migrations.applied_at, now()), unfinished = null`,
    [name, sha256, durationMs],
  );
}

export async function forget(session: AdminSession, name: string): Promise<void> {
  await session.query(`set local role ${ownerRole}`);
  await session.query('delete from hub.migrations where name = $1', [name]);
}

/** Says, before a statement that no transaction protects, that it has begun. */
export async function recordBegun(
  session: AdminSession,
  { name, sha256 }: Pick<Migration, 'name' | 'sha256'>,
  direction: Direction,
): Promise<void> {
  await session.query(
    `insert into hub.migrations (name, sha256, applied_at, unfinished) values ($1, $2, null, $3)
     on conflict (name) do update set unfinished = excluded.unfinished`,
    [name, sha256, direction],
  );
}

/** Takes `recordBegun` back, of a statement that failed and left nothing. */
export async function recordFailed(session: AdminSession, name: string): Promise<void> {
  await session.query(`delete from hub.migrations where name = $1 and applied_at is null`, [name]);
  await session.query(`update hub.migrations set unfinished = null where name = $1`, [name]);
}
