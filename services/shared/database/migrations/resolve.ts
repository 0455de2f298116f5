/** Brings the bookkeeping of a hurt or an existing database back in line; runs no migration. */
import { hubError } from '@quantum-hub/kernel';
import {
  bookkeepingSql,
  forget,
  hasBookkeeping,
  lookUpRecorded,
  readRecorded,
  recordApplied,
} from './bookkeeping.ts';
import { type Migration, readMigrations } from './files.ts';
import { type MigrationState, statesOf } from './history.ts';
import { type AdminSession, inOwnersTransaction } from './owner-transaction.ts';
import { find } from './targets.ts';

/** Each migration with its state; changes nothing. */
export async function migrationStates(
  session: AdminSession,
  migrations: readonly Migration[] = readMigrations(),
): Promise<MigrationState[]> {
  return statesOf(migrations, await lookUpRecorded(session));
}

/** Records that the database has the migration's changes, as its file stands now. */
export async function resolveApplied(
  session: AdminSession,
  name: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const migration = find(migrations, name);
  await inOwnersTransaction(session, async () => {
    await session.query(bookkeepingSql);
    await recordApplied(session, migration, null);
  });
}

/** Records that the database has none of the migration's changes. Its files may be missing. */
export async function resolveRolledBack(
  session: AdminSession,
  name: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  await inOwnersTransaction(session, async () => {
    const recorded = (await hasBookkeeping(session)) ? await readRecorded(session) : [];
    if (recorded.some((row) => row.name === name)) await forget(session, name);
    else find(migrations, name);
  });
}

/** Records everything up to `name` as applied, of a database that got these changes otherwise. Gives what was new. */
export async function baseline(
  session: AdminSession,
  name: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const wanted = migrations.slice(0, migrations.indexOf(find(migrations, name)) + 1);
  return await inOwnersTransaction(session, async () => {
    await session.query(bookkeepingSql);
    const recorded = await readRecorded(session);
    const later = recorded.find((row) => !wanted.some((migration) => migration.name === row.name));
    if (later) {
      throw hubError('database.migration_baseline_refused', { migration: later.name, baseline: name });
    }
    const missing = wanted.filter((migration) => !recorded.some((row) => row.name === migration.name));
    for (const migration of missing) await recordApplied(session, migration, null);
    return missing.map((migration) => migration.name);
  });
}
