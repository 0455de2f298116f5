import type { AdminConnection } from '../../connection/admin-connection.ts';
import { splitStatements } from '../../migrations/statements.ts';
import { retried } from '../../provision/retry.ts';

/** What could not be done for the roles, for people to do by hand. */
export interface RoleWarning {
  readonly sentence: string;
  readonly statement: string;
}

/**
 * Makes the roles of a `pg_dumpall --globals-only` that the server lacks, with their attributes and memberships. Roles
 * that are there are left as they are: others may use them, and so is one that somebody makes at the same moment. What this
 * login may not do is told and not fatal, because the comparison after a restore decides.
 */
export async function restoreRoles(
  admin: AdminConnection,
  sql: string,
): Promise<{ made: string[]; warnings: RoleWarning[] }> {
  const { rows } = await admin.query<{ name: string }>('select rolname as name from pg_roles');
  const known = new Set(rows.map(({ name }) => name));
  const made = new Set<string>();
  const warnings: RoleWarning[] = [];
  for (const { text } of splitStatements(withoutCommands(sql))) {
    const role = createdRole(text);
    if (role !== undefined && known.has(role)) continue;
    if (role === undefined && !concernsOne(text, made)) continue;
    const done = await attempt(admin, text, warnings);
    if (done && role !== undefined) made.add(role);
  }
  return { made: [...made], warnings };
}

/** Lines for psql, which pg_dumpall writes around its statements. */
function withoutCommands(sql: string): string {
  return sql.replaceAll(/^\\.*$/gm, '');
}

const name = String.raw`("(?:[^"]|"")+"|[^\s;"]+)`;

function createdRole(statement: string): string | undefined {
  const [, role] = new RegExp(`^CREATE ROLE ${name}$`).exec(statement) ?? [];
  return role && plain(role);
}

function concernsOne(statement: string, roles: ReadonlySet<string>): boolean {
  const [, changed] = new RegExp(`^(?:ALTER ROLE|COMMENT ON ROLE) ${name} `).exec(statement) ?? [];
  const [, group, member] = new RegExp(`^GRANT ${name} TO ${name}`).exec(statement) ?? [];
  return [changed, group, member].some((role) => role !== undefined && roles.has(plain(role)));
}

function plain(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}

/** Somebody made the role after we had looked. */
class AlreadyThere extends Error {}

function unlessThere(error: { code?: string }): never {
  throw error.code === '42710' ? new AlreadyThere() : error;
}

async function attempt(admin: AdminConnection, statement: string, warnings: RoleWarning[]): Promise<boolean> {
  // Whoever granted a membership there may not exist here: it comes from the one who restores.
  const sql = statement.replace(new RegExp(` GRANTED BY ${name}$`), '');
  try {
    // Roles belong to the whole cluster: another restore or provisioning may change the same rows of its catalogue.
    await retried(() => admin.query(sql).catch(unlessThere));
    return true;
  } catch (error) {
    if (error instanceof AlreadyThere) return false;
    const shown = statement.replace(/ PASSWORD '[^']*'/, '');
    warnings.push({ sentence: (error as Error).message, statement: shown });
    return false;
  }
}
