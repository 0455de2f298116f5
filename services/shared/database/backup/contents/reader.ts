import { hubError } from '@quantum-hub/kernel';
import type { AdminConnection } from '../../connection/admin-connection.ts';
import { backupRole } from '../../provision/roles.ts';

/** As whom all rows are read: a superuser as itself, any other login as the role for backups. */
export interface Reader {
  readonly role?: string;
  /**
   * `bypassed`: row security does not bind the reader, and PostgreSQL refuses rather than leaves rows out. `policies`: it
   * does, and on every table a policy shows it all rows (managed servers give nobody BYPASSRLS).
   */
  readonly rowSecurity: 'bypassed' | 'policies';
}

/** Throws `database.admin_right_missing`, with the statement for a superuser, where rows would stay hidden. */
export async function findReader(admin: AdminConnection): Promise<Reader> {
  const { rows } = await admin.query<{ super: boolean; exists: boolean; bypasses: boolean }>(
    `select (select rolsuper from pg_roles where rolname = current_user) as super,
       exists (select from pg_roles where rolname = $1) as exists,
       coalesce((select rolbypassrls from pg_roles where rolname = $1), false) as bypasses`,
    [backupRole],
  );
  const [facts] = rows;
  if (facts?.super) return { rowSecurity: 'bypassed' };
  const { user: login, database } = admin.settings;
  if (!facts?.exists) {
    throw hubError('database.not_provisioned', { database, missing: `the role ${backupRole}` });
  }
  if (!(await mayAct(admin))) {
    const right = `the right to act as ${backupRole}, which reads all rows`;
    throw hubError('database.admin_right_missing', {
      login,
      right,
      statement: `grant ${backupRole} to "${login}"`,
    });
  }
  if (facts.bypasses) return { role: backupRole, rowSecurity: 'bypassed' };
  const hidden = await hiddenTables(admin);
  if (hidden.length === 0) return { role: backupRole, rowSecurity: 'policies' };
  throw hubError('database.admin_right_missing', {
    login,
    right: `the sight of all rows of ${hidden.join(', ')}: ${backupRole} has neither BYPASSRLS nor a policy there`,
    statement: `alter role ${backupRole} bypassrls`,
  });
}

async function mayAct(admin: AdminConnection): Promise<boolean> {
  try {
    await admin.query(`begin read only; set local role ${backupRole}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return false;
    throw error;
  } finally {
    await admin.query('rollback').catch(() => {});
  }
}

/** Tables with row security where no policy shows the role every row, or a restrictive one could hide some. */
async function hiddenTables(admin: AdminConnection): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace,
         lateral (select coalesce(bool_or(polpermissive and pg_get_expr(polqual, polrelid) = 'true'), false) as shown,
             coalesce(bool_or(not polpermissive), false) as restricted
           from pg_policy where polrelid = c.oid and polcmd in ('r', '*')
             and polroles && array[0::oid, (select oid from pg_roles where rolname = $1)]) p
      where c.relrowsecurity and c.relkind in ('r', 'p') and (restricted or not shown) order by 1`,
    [backupRole],
  );
  return rows.map(({ name }) => name);
}
