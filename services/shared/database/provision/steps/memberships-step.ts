import type { PlannedLogin } from '../options.ts';
import { administratorRoles, ownerRole, roleNames, signInRole } from '../roles.ts';
import { doBlock, literal, literalRows } from '../sql-text.ts';
import { raiseRightMissing } from './refuse.ts';

/**
 * Who may SET ROLE to what, `[role, member]`. Memberships are given without inheritance: rights come only by SET ROLE.
 * From PostgreSQL 16 on this is said at each grant; before, a member has NOINHERIT or has not.
 */
export function grantMemberships(logins: readonly PlannedLogin[]): string {
  const rows = [
    // The owner hands the look-ups before sign-in over to the role that they run as.
    [signInRole, ownerRole],
    ...administratorRoles.map((role) => [role, '']),
    ...logins.flatMap((login) => login.roles.map((role) => [role, login.name])),
  ];
  // Of roles made in this transaction the administrator has the say; the statement must not name those: they are undone.
  const withAdmin = `case when not modern then format('alter role %I createrole', current_user)
          else format('grant %s to %I with admin true, inherit false, set true',
            (select string_agg(quote_ident(name), ', ')
             from unnest(array[${roleNames.map(literal).join(', ')}]) name
             where not pg_has_role(current_user, name, 'MEMBER WITH ADMIN OPTION')),
            current_user) end`;
  return doBlock(`
declare
  wanted text[]; -- role, member; no member stands for the administrator
  member_name text;
  modern constant boolean := current_setting('server_version_num')::integer >= 160000;
begin
  foreach wanted slice 1 in array ${literalRows(rows)}
  loop
    member_name := coalesce(nullif(wanted[2], ''), current_user);
    -- The two options exist from 16 on; asked for by way of JSON, one statement serves every version.
    continue when exists (
      select from pg_auth_members given
      join pg_roles role on role.oid = given.roleid
      join pg_roles member on member.oid = given.member
      where role.rolname = wanted[1] and member.rolname = member_name
        and coalesce((to_jsonb(given) ->> 'set_option')::boolean, true)
        and not coalesce((to_jsonb(given) ->> 'inherit_option')::boolean, false));
    begin
      execute format('grant %I to %I', wanted[1], member_name)
        || case when modern then ' with inherit false, set true' else '' end;
    exception when insufficient_privilege then
      ${raiseRightMissing(
        `format('the right to make "%s" a member of "%s"', member_name, wanted[1])`,
        withAdmin,
      )}
    end;
  end loop;
end`);
}
