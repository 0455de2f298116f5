import {
  defaultTimeouts,
  fixedSearchPath,
  type PlannedLogin,
  type TimeoutOptions,
  timeoutSettings,
} from '../options.ts';
import { doBlock, literalRows } from '../sql-text.ts';

/**
 * Search path and time limits, kept by the server for each login in this database: so they hold behind a pooler, which
 * shares sessions and refuses unknown start-up parameters. (Settings of a NOLOGIN role would not apply at SET ROLE.)
 */
export function setLoginSettings(logins: readonly PlannedLogin[], timeouts: TimeoutOptions = {}): string {
  const settings = [
    ['search_path', fixedSearchPath, 'always'],
    ...(Object.keys(timeoutSettings) as (keyof TimeoutOptions)[]).map((key) => [
      timeoutSettings[key],
      `${timeouts[key] ?? defaultTimeouts[key]}ms`,
      timeouts[key] === undefined ? '' : 'always',
    ]),
  ];
  const rows = logins.flatMap((login) => settings.map((setting) => [login.name, ...setting]));
  return doBlock(`
declare
  statement text;
  wanted text[]; -- login, setting, value, 'always' or only where there is none
begin
  foreach wanted slice 1 in array ${literalRows(rows)}
  loop
    continue when exists (
      select from pg_db_role_setting kept
      join pg_database on pg_database.oid = kept.setdatabase
      join pg_roles on pg_roles.oid = kept.setrole
      cross join unnest(kept.setconfig) entry
      where datname = current_database() and rolname = wanted[1] and split_part(entry, '=', 1) = wanted[2]
        and (wanted[4] = '' or entry = wanted[2] || '=' || wanted[3]));
    -- A search path is a list of names, not one quoted value.
    statement := format('alter role %I in database %I set %s = %s', wanted[1], current_database(), wanted[2],
      case when wanted[2] = 'search_path' then wanted[3] else quote_literal(wanted[3]) end);
    begin
      execute statement;
    exception when insufficient_privilege then
      -- From 16 on only its creator may change a login, but each login may change itself.
      raise warning 'the setting % of the login "%" could not be set', wanted[2], wanted[1]
        using hint = 'Run as that login or as a superuser: ' || statement;
    end;
  end loop;
end`);
}
