import { backupRole, ownerRole, roleNames, roles } from '../roles.ts';
import { doBlock, literal, literalRows } from '../sql-text.ts';
import { raiseRightMissing } from './refuse.ts';

/**
 * Creates the roles. Roles are shared by all databases of a cluster, while advisory locks are not: two provisionings of
 * two databases meet here. COMMENT ON ROLE holds a SHARE UPDATE EXCLUSIVE lock on the role until the transaction ends,
 * in the whole cluster and without being a superuser: commenting the owner first lets one provisioning through at a
 * time. Measured with twenty at once and roles to repair: without it 31 of 100 ended with "tuple concurrently updated"
 * (XX000) at the first attempt, with it none; the twenty took 0.6 s instead of 0.3 s. (Before there is an owner, its
 * unfinished CREATE ROLE holds up the others in the same way.)
 */
export function createRoles(): string {
  const createRole = raiseRightMissing(
    `format('the right to create the role "%s"', wanted[1])`,
    `format('alter role %I createrole', current_user)`,
  );
  return doBlock(`
declare
  wanted text[];
begin
  foreach wanted slice 1 in array ${literalRows(roles.map((role) => [role.name, role.purpose]))}
  loop
    if not exists (select from pg_roles where rolname = wanted[1]) then
      begin
        execute format('create role %I nologin noinherit', wanted[1]);
      exception
        when duplicate_object or unique_violation then
          null; -- made at this moment by the provisioning of another database
        when insufficient_privilege then
          ${createRole}
      end;
    end if;
    if wanted[1] = ${literal(ownerRole)}
      or (select shobj_description(oid, 'pg_authid') from pg_roles where rolname = wanted[1])
        is distinct from wanted[2] then
      begin
        execute format('comment on role %I is %L', wanted[1], wanted[2]);
      exception when insufficient_privilege then
        null; -- whoever may not comment may not change the roles either, and needs no lock
      end;
    end if;
  end loop;
end`);
}

/** Takes from roles that existed before whatever a plain role must not have. Only what differs is touched. */
export function repairRoles(): string {
  const names = roleNames.map(literal).join(', ');
  return doBlock(`
declare
  found record;
begin
  for found in
    select rolname, concat_ws(' ',
        case when rolsuper then 'nosuperuser' end,
        case when rolcanlogin then 'nologin' end,
        case when rolinherit then 'noinherit' end,
        case when rolcreaterole then 'nocreaterole' end,
        case when rolcreatedb then 'nocreatedb' end,
        case when rolreplication then 'noreplication' end,
        case
          when rolname <> ${literal(backupRole)} then case when rolbypassrls then 'nobypassrls' end
          -- Only superusers can give it before 16; elsewhere the backup's policies let it see all rows.
          when not rolbypassrls and (select rolsuper from pg_roles where rolname = current_user) then 'bypassrls'
        end) as repair
    from pg_roles
    where rolname in (${names})
  loop
    continue when found.repair = '';
    begin
      execute format('alter role %I %s', found.rolname, found.repair);
    exception when insufficient_privilege then
      ${raiseRightMissing(
        `format('the right to make "%s" a plain role', found.rolname)`,
        `format('alter role %I %s', found.rolname, found.repair)`,
      )}
    end;
  end loop;
end`);
}
