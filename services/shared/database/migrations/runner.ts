/**
 * Applies migrations and takes them back: one transaction each, acting as the owner role, under a
 * lock that belongs to the transaction.
 */
import { HubError, hubError } from '@quantum-hub/kernel';
import { ownerRole } from '../provision/roles.ts';
import { type Migration, readMigrations } from './files.ts';
import { type AdminSession, inOwnersTransaction } from './owner-transaction.ts';

export type AppliedMigration = { readonly name: string; readonly sha256: string };

const bookkeeping = `
create schema if not exists hub;
create table if not exists hub.migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  duration_ms integer not null,
  constraint migrations_pkey primary key (name),
  constraint migrations_sha256_check check (sha256 ~ '^[0-9a-f]{64}$')
);
comment on table hub.migrations is 'The migrations that this database has had.';
comment on column hub.migrations.name is 'Name in the file ORDER.';
comment on column hub.migrations.sha256 is 'SHA-256 of the up file as it was applied.';
comment on column hub.migrations.applied_at is 'When it was applied.';
comment on column hub.migrations.duration_ms is 'How long it took.';`;

/** Which migrations a database has had; none where there is no bookkeeping yet. */
export async function appliedMigrations(session: AdminSession): Promise<AppliedMigration[]> {
  const { rows } = await session.query(`select to_regclass('hub.migrations') is not null as known`);
  if (rows[0]?.known !== true) return [];
  const applied = await session.query('select name, sha256 from hub.migrations order by name');
  return applied.rows as AppliedMigration[];
}

/** The migrations of the code that a database has not had. Refuses one whose applied file was changed since. */
export async function pendingMigrations(session: AdminSession): Promise<Migration[]> {
  const applied = new Map((await appliedMigrations(session)).map(({ name, sha256 }) => [name, sha256]));
  return readMigrations().filter((migration) => {
    const known = applied.get(migration.name);
    if (known !== undefined && known !== migration.sha256) {
      throw hubError('database.migration_changed', { migration: migration.name });
    }
    return known === undefined;
  });
}

/** Applies what is pending, in order, and gives the names applied. Safe to run twice, also at once. */
export async function migrateUp(
  session: AdminSession,
  onApplied: (name: string, durationMs: number) => void = () => {},
): Promise<string[]> {
  const names: string[] = [];
  await inOwnersTransaction(session, () => session.query(bookkeeping));
  for (const migration of await pendingMigrations(session)) {
    const durationMs = await inOwnersTransaction(session, async () => {
      const { rows } = await session.query('select from hub.migrations where name = $1', [migration.name]);
      if (rows.length > 0) return undefined;
      return applyUp(session, migration);
    });
    if (durationMs === undefined) continue;
    names.push(migration.name);
    onApplied(migration.name, durationMs);
  }
  return names;
}

/** Takes back the last applied migrations, newest first: `steps` of them, or all. Loses their data. */
export async function migrateDown(
  session: AdminSession,
  steps = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const applied = new Set((await appliedMigrations(session)).map(({ name }) => name));
  const newestFirst = readMigrations()
    .filter(({ name }) => applied.has(name))
    .reverse()
    .slice(0, steps);
  for (const { name, down } of newestFirst) {
    await inOwnersTransaction(session, async () => {
      await session.query(down);
      await session.query(`set local role ${ownerRole}`);
      await session.query('delete from hub.migrations where name = $1', [name]);
    }).catch((error: unknown) => {
      throw failed(name, error);
    });
  }
  return newestFirst.map(({ name }) => name);
}

async function applyUp(session: AdminSession, { name, up, sha256 }: Migration): Promise<number> {
  const start = performance.now();
  try {
    await session.query(up);
  } catch (error) {
    throw failed(name, error);
  }
  const durationMs = Math.round(performance.now() - start);
  await session.query(`set local role ${ownerRole}`);
  await session.query('insert into hub.migrations (name, sha256, duration_ms) values ($1, $2, $3)', [
    name,
    sha256,
    durationMs,
  ]);
  return durationMs;
}

function failed(migration: string, cause: unknown): Error {
  if (cause instanceof HubError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return hubError('database.migration_failed', { migration, reason }, { cause });
}
