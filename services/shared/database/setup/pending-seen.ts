import { getDb } from '../db.ts';
import { readMigrations } from '../migrations/files.ts';
import type { ServiceName } from '../provision/roles.ts';

/** The code of a running process does not change, and reading its migrations takes milliseconds. */
let names: readonly string[] | undefined;

/**
 * Names of migrations of this code that the open database has not had, as one of the services sees it: for programs that
 * run all the time and have no administrator's login at hand.
 */
export async function pendingMigrationsSeen(as: ServiceName): Promise<string[]> {
  names ??= readMigrations().map(({ name }) => name);
  const { rows } = await getDb(
    (db) => db.query<{ name: string }>('select name from hub.migrations where applied_at is not null'),
    { as, readOnly: true },
  );
  const applied = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !applied.has(name));
}
