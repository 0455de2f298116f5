/** Databases beside the hub's own: one that is being restored, and those that a restore put aside. */
import { createHash } from 'node:crypto';
import type { ConnectionSettings } from '../../connection/client.ts';
import { enter, quoted } from '../../setup/ensure-database.ts';

const service = 'qhub-db-backup';
const longestName = 63;

export interface SideNames {
  readonly restored: string;
  readonly kept: string;
}

/** `<name>_restoring_<time>` and `<name>_before_<time>`. */
export function sideNames(database: string, now: Date): SideNames {
  const time = now
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
    .toLowerCase();
  const stem = stemOf(database);
  return { restored: `${stem}_restoring_${time}`, kept: `${stem}_before_${time}` };
}

/** A name that is too long is cut, and marked, so that no other database's copies are taken for its own. */
function stemOf(database: string): string {
  const longest = longestName - '_restoring_20261122t212652z'.length;
  if (Buffer.byteLength(database) <= longest) return database;
  const mark = `_${createHash('sha256').update(database).digest('hex').slice(0, 6)}`;
  let kept = database;
  while (Buffer.byteLength(kept) > longest - mark.length) kept = kept.slice(0, -1);
  return `${kept}${mark}`;
}

/** What earlier restores put aside, oldest first. */
export async function keptDatabases(admin: ConnectionSettings): Promise<string[]> {
  return (await beside(admin, 'before')).map(({ name }) => name);
}

/** Drops what earlier restores put aside, and gives their names. */
export async function dropKept(admin: ConnectionSettings): Promise<string[]> {
  const names = await keptDatabases(admin);
  for (const name of names) await dropDatabase(admin, name);
  return names;
}

/**
 * Half-restored databases that nobody is connected to: their restores died. PostgreSQL decides, at the moment of the drop:
 * an autovacuum worker is sent away, and a session that has just come keeps its database.
 */
export async function clearAbandonedRestores(admin: ConnectionSettings): Promise<void> {
  for (const { name, sessions } of await beside(admin, 'restoring')) {
    if (sessions > 0) continue;
    await using connection = await enter(admin, service);
    await connection.query(`drop database if exists ${quoted(name)}`).catch((error) => {
      if (!isInUse(error)) throw error;
    });
  }
}

/** PostgreSQL sends the sessions away and waits 5 s for them to go: on a busy machine that may be too short once. */
const dropAttempts = 3;

export async function dropDatabase(admin: ConnectionSettings, name: string): Promise<void> {
  await using connection = await enter(admin, service);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.query(`drop database if exists ${quoted(name)} with (force)`);
      return;
    } catch (error) {
      if (!isInUse(error) || attempt >= dropAttempts) throw error;
    }
  }
}

function isInUse(error: unknown): boolean {
  return (error as { code?: string }).code === '55006';
}

async function beside(admin: ConnectionSettings, middle: string) {
  const stem = stemOf(admin.database);
  await using connection = await enter(admin, service);
  const { rows } = await connection.query<{ name: string; sessions: number }>(
    `select datname as name, (select count(*)::integer from pg_stat_activity
         where datid = d.oid and backend_type <> 'autovacuum worker') as sessions
       from pg_database d where starts_with(datname, $1) and substr(datname, length($1) + 1) ~ $2 order by 1`,
    [stem, `^_${middle}_\\d{8}t\\d{6}z$`],
  );
  return rows;
}
