import type { PlannedLogin } from '../options.ts';
import { functionOwners, ownerRole } from '../roles.ts';
import { doBlock, literal } from '../sql-text.ts';
import { raiseRightMissing } from './refuse.ts';

const lacksOwnership = raiseRightMissing(
  `format('ownership of the database "%s"', current_database())`,
  `format('alter database %I owner to %I', current_database(), current_user)`,
);

/**
 * Nothing in the database for PUBLIC, CONNECT for the logins and the administrator, CREATE for the owner of the schemas.
 * A REVOKE or GRANT without the right to it is an error or only a warning, according to what else the role may do: so
 * each is tried and its effect looked at.
 */
export function restrictDatabase(logins: readonly PlannedLogin[]): string {
  const names = logins.map((login) => literal(login.name)).join(', ');
  return doBlock(`
declare
  login text;
begin
  for attempt in 1..2 loop
    exit when not exists (
      select from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) given
      where datname = current_database() and given.grantee = 0);
    if attempt = 2 then
      ${lacksOwnership}
    end if;
    begin
      execute format('revoke all on database %I from public', current_database());
    exception when insufficient_privilege then
      null; -- the second look says so
    end;
  end loop;

  foreach login in array array[${names}, current_user::text] loop
    for attempt in 1..2 loop
      exit when has_database_privilege(login, current_database(), 'connect');
      if attempt = 2 then
        ${lacksOwnership}
      end if;
      begin
        execute format('grant connect on database %I to %I', current_database(), login);
      exception when insufficient_privilege then
        null; -- the second look says so
      end;
    end loop;
  end loop;

  for attempt in 1..2 loop
    exit when has_database_privilege(${literal(ownerRole)}, current_database(), 'create');
    if attempt = 2 then
      ${lacksOwnership}
    end if;
    begin
      execute format('grant create on database %I to %I', current_database(), ${literal(ownerRole)});
    exception when insufficient_privilege then
      null; -- the second look says so
    end;
  end loop;
end`);
}

/**
 * Nothing in the schema public for PUBLIC. On PostgreSQL 14 that schema belongs to the bootstrap superuser, so the owner
 * of the database cannot do it: then this warns and goes on, since nobody but the hub's own logins can connect, nothing
 * of the hub is in that schema and no search path of the hub's leads there.
 */
export function restrictSchemaPublic(): string {
  return doBlock(`
begin
  for attempt in 1..2 loop
    exit when not exists (
      select from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) given
      where nspname = 'public' and given.grantee = 0);
    if attempt = 2 then
      raise warning 'PUBLIC still has rights in the schema public of the database "%"', current_database()
        using hint = 'Let a superuser run there: revoke all on schema public from public';
      exit;
    end if;
    begin
      revoke all on schema public from public;
    exception when insufficient_privilege then
      null; -- the second look says so
    end;
  end loop;
end`);
}

/**
 * PostgreSQL lets PUBLIC execute each new function; not those that migrations make in this database. Done as the roles
 * themselves, because a membership without inheritance does not allow ALTER DEFAULT PRIVILEGES FOR ROLE.
 */
export function restrictNewFunctions(): string {
  return doBlock(`
declare
  maker text;
  before constant text := case when current_user = session_user then 'none' else current_user::text end;
begin
  foreach maker in array array[${functionOwners.map(literal).join(', ')}] loop
    perform set_config('role', maker, true);
    alter default privileges revoke execute on functions from public;
  end loop;
  perform set_config('role', before, true);
end`);
}
