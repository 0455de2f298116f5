import { doBlock, literal } from '../sql-text.ts';
import { raiseImpossible } from './refuse.ts';

/** The rest changes whatever database it is run in, so the right one is made sure of first. */
export function checkPlace(database: string): string {
  return doBlock(`
begin
  if current_setting('server_version_num')::integer < 140000 then
    ${raiseImpossible("format('PostgreSQL %s is too old: expected 14 or later', current_setting('server_version'))")}
  end if;
  if current_database() <> ${literal(database)} then
    ${raiseImpossible(`format('the connection is to the database "%s": connect to "%s" to provision it', current_database(), ${literal(database)})`)}
  end if;
end`);
}
