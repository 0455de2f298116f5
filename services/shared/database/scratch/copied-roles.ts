import type { AdminSession } from '../migrations/owner-transaction.ts';

/**
 * Statements that make a server's roles on another one: attributes and memberships, so that rights and policies can name
 * them. No passwords, so nobody can log in as them; and no superusers, whom a copy needs none of.
 */
export async function readRoles(session: AdminSession): Promise<string[]> {
  // The roles that begin with pg_ every server has; and of the scratch server's superuser there is one.
  const { rows } = await session.query(`
    with known as (select * from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres')
    select format('create role %I %s %s %s %s %s', rolname,
             case when rolcanlogin then 'login' else 'nologin' end, case when rolinherit then 'inherit' else 'noinherit' end,
             case when rolcreaterole then 'createrole' else 'nocreaterole' end, case when rolcreatedb then 'createdb' else 'nocreatedb' end,
             case when rolbypassrls then 'bypassrls' else 'nobypassrls' end) as sql, 1 as turn
      from known
    union all
    select distinct format('grant %I to %I%s', granted.rolname, member.rolname, case when m.admin_option then ' with admin option' end), 2
      from pg_auth_members m join known granted on granted.oid = m.roleid join known member on member.oid = m.member
     order by turn, sql`);
  return rows.map(({ sql }) => String(sql));
}
