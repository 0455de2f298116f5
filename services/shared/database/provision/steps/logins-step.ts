import type { PlannedLogin } from '../options.ts';
import { scramVerifier } from '../scram.ts';
import { doBlock, literalRows } from '../sql-text.ts';
import { raiseImpossible, raiseRightMissing } from './refuse.ts';

/** Creates the logins that are missing. Existing ones keep their attributes, and their password unless told otherwise. */
export function createLogins(logins: readonly PlannedLogin[]): string {
  const rows = logins.map((login) => [
    login.name,
    login.password === undefined ? '' : scramVerifier(login.password),
    login.resetPassword ? 'reset' : '',
    login.purpose,
  ]);
  const missing = `format('the login "%s" does not exist: give a password that it can be created with, or create it first', wanted[1])`;
  const ofSuperuser = `format('the login "%s" is a superuser, whose password only a superuser resets: leave it as it is, or provision as one', wanted[1])`;
  return doBlock(`
declare
  wanted text[]; -- name, verifier of its password, 'reset', purpose
begin
  foreach wanted slice 1 in array ${literalRows(rows)}
  loop
    if exists (select from pg_roles where rolname = wanted[1]) then
      continue when wanted[3] = '';
      begin
        execute format('alter role %I password %L', wanted[1], wanted[2]);
      exception when insufficient_privilege then
        if (select rolsuper from pg_roles where rolname = wanted[1]) then
          ${raiseImpossible(ofSuperuser)}
        end if;
        ${raiseRightMissing(
          `format('the right to set the password of "%s"', wanted[1])`,
          `case when not (select rolcreaterole from pg_roles where rolname = current_user)
            then format('alter role %I createrole', current_user)
            else format('grant %I to %I with admin true, inherit false, set false', wanted[1], current_user) end`,
        )}
      end;
      continue;
    end if;
    if wanted[2] = '' then
      ${raiseImpossible(missing)}
    end if;
    begin
      execute format('create role %I login noinherit password %L', wanted[1], wanted[2]);
      execute format('comment on role %I is %L', wanted[1], wanted[4]);
    exception
      when duplicate_object or unique_violation then
        null; -- made at this moment by somebody else
      when insufficient_privilege then
        ${raiseRightMissing(
          `format('the right to create the login "%s"', wanted[1])`,
          `format('alter role %I createrole', current_user)`,
        )}
    end;
  end loop;
end`);
}
