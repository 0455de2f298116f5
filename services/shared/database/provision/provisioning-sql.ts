import { fixedSearchPath, type ProvisionOptions, plannedLogins } from './options.ts';
import { checkPlace } from './steps/check-place.ts';
import { restrictDatabase, restrictNewFunctions, restrictSchemaPublic } from './steps/database-step.ts';
import { createLogins } from './steps/logins-step.ts';
import { grantMemberships } from './steps/memberships-step.ts';
import { createRoles, repairRoles } from './steps/roles-step.ts';
import { setLoginSettings } from './steps/settings-step.ts';

/**
 * The whole provisioning as one script of plain SQL: `provision` sends it, and an administrator can run it by hand with
 * `psql -d <database> -f`. One transaction, so it happens whole or not at all; running it again changes nothing. It
 * decides on the server what the server's version and the administrator's rights allow. Passwords are in it only
 * as SCRAM verifiers: treat the script as confidential all the same, since a verifier can be attacked offline.
 */
export function provisioningSql(options: ProvisionOptions): string {
  const logins = plannedLogins(options);
  const steps: readonly (readonly [string, string])[] = [
    ['The right server and database.', checkPlace(options.database)],
    ['The roles; the first of them is also the lock between provisionings of one cluster.', createRoles()],
    ['Plain roles: no superuser, no way around row security.', repairRoles()],
    ['The logins.', createLogins(logins)],
    ['Who may act as what, by SET ROLE only.', grantMemberships(logins)],
    ['The database: nothing for PUBLIC.', restrictDatabase(logins)],
    ['The schema public: nothing for PUBLIC.', restrictSchemaPublic()],
    ['New functions: nothing for PUBLIC.', restrictNewFunctions()],
    ['Search path and time limits of the logins.', setLoginSettings(logins, options.timeouts)],
  ];
  return [
    '-- Quantum Hub: provisioning of a database. Run it connected to that database, as a superuser or as',
    '-- its owner with CREATEROLE. It can be run again at any time.',
    'begin;',
    // Functions and operators of strangers in the schema public must not be found by an administrator's script.
    `set local search_path = ${fixedSearchPath};`,
    "set local lock_timeout = '30s';",
    "set local statement_timeout = '60s';",
    ...steps.map(([title, sql]) => `\n-- ${title}\n${sql}`),
    '\ncommit;\n',
  ].join('\n');
}
