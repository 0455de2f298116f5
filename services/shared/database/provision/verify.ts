import type { ServiceLoginOptions, TimeoutOptions } from './options.ts';
import { administratorRoles, applicationRoles, rolesOfService } from './roles.ts';
import type { SqlClient } from './sql-client.ts';
import { databaseFindings } from './verify/database-findings.ts';
import { readFacts } from './verify/facts.ts';
import type { Finding } from './verify/finding.ts';
import { type ExpectedLogin, loginFindings } from './verify/login-findings.ts';
import { roleFindings } from './verify/role-findings.ts';
import { settingFindings } from './verify/setting-findings.ts';

export type { Finding } from './verify/finding.ts';

export interface VerifyOptions {
  /** Left out: the login of the connection itself. */
  applicationLogin?: string;
  serviceLogins?: readonly Pick<ServiceLoginOptions, 'name' | 'service'>[];
  /** Where given, it must be able to act as the owner, for maintenance and for backups. */
  administrator?: string;
  /** Where given, these values and no others; otherwise any value will do. */
  timeouts?: TimeoutOptions;
}

/**
 * What is missing or wrong in the database that `client` is connected to; empty when all is well. Changes nothing and
 * needs no rights. Faults break the separation or keep the hub from working; warnings do neither.
 */
export async function verifyProvisioning(client: SqlClient, options: VerifyOptions = {}): Promise<Finding[]> {
  const logins = await expectedLogins(client, options);
  const names = logins.map((login) => login.name);
  const facts = await readFacts(client, names);
  const limited = logins
    .filter((login) => login.kind !== 'administrator')
    .filter((login) => facts.roles.some((role) => role.name === login.name));
  return [
    ...roleFindings(facts),
    ...databaseFindings(facts),
    ...logins.flatMap((login) => loginFindings(facts, login)),
    ...limited.flatMap((login) => settingFindings(facts, login.name, options.timeouts)),
  ];
}

async function expectedLogins(client: SqlClient, options: VerifyOptions): Promise<ExpectedLogin[]> {
  const { applicationLogin, serviceLogins = [], administrator } = options;
  const name = applicationLogin ?? (await sessionUser(client));
  const logins: ExpectedLogin[] = [
    { name, kind: 'application', roles: applicationRoles },
    ...serviceLogins.map(
      ({ name, service }): ExpectedLogin => ({
        name,
        kind: 'service',
        roles: rolesOfService(service),
      }),
    ),
  ];
  if (administrator !== undefined) {
    logins.push({ name: administrator, kind: 'administrator', roles: administratorRoles });
  }
  return logins;
}

async function sessionUser(client: SqlClient): Promise<string> {
  const { rows } = await client.query('select session_user::text as name');
  return String(rows[0]?.name);
}
