import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  openPlace,
  type PlaceProvisioning,
  provisioningSql,
  provisionOptions,
  provisionPlace,
  readDatabaseConfig,
  type ServiceLoginOptions,
  serviceNames,
} from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';

const services: readonly string[] = [...serviceNames, 'worker'];
const help = 'npx qhub db provision --help';

const examples = `
Makes the database where it is missing, the roles that keep the services apart, the application's
login, its memberships, rights and time limits. Safe to run again, and by several at once. It needs
a superuser, or the database's owner with CREATEROLE: POSTGRES_ADMIN_USER, by default POSTGRES_USER.

A service that runs alone can have a login of its own, named quantum_<service>. Its password comes
from QHUB_SERVICE_PASSWORD, or from the file that QHUB_SERVICE_PASSWORD_FILE names, and is needed
only when the login is made or --reset-passwords is given; only its SCRAM verifier is sent.

Examples:
  npx qhub db provision
  npx qhub db provision --print-sql > provision.sql      for a database administrator to read and run
  QHUB_SERVICE_PASSWORD_FILE=secret npx qhub db provision --service-login identity`;

interface ProvisionCommandOptions extends OutputOptions {
  readonly printSql?: boolean;
  readonly serviceLogin?: string;
  readonly resetPasswords?: boolean;
}

export function provisionCommand(): Command {
  return new Command('provision')
    .description('Prepare a database: roles, logins, rights.')
    .option('--print-sql', 'print the SQL instead of running it; confidential, since it holds verifiers')
    .option('--service-login <service>', `also a login for one service: ${services.join(', ')}`)
    .option('--reset-passwords', 'give logins that exist already the passwords of the settings')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(provision);
}

async function provision(options: ProvisionCommandOptions): Promise<void> {
  const { resetPasswords = false } = options;
  const wanted = { resetPasswords, serviceLogins: serviceLogins(options) };
  if (options.printSql) return await printSql(options, wanted);
  const purpose = 'qhub db provision';
  const { created, warnings, place } = await atPlace({ ...options, purpose }, async (place) => ({
    ...(await provisionPlace(place, { ...wanted, service: 'qhub-db-provision' })),
    place: place.describe(),
  }));
  const told = warnings.map(
    ({ sentence, statement }) => `Note: ${sentence}; a superuser would run: ${statement}`,
  );
  const text = `The database "${place.database}" ${created ? 'was made and ' : ''}is provisioned.`;
  printResult(options, { created, warnings, place }, [...told, text].join('\n'));
}

async function printSql(options: ProvisionCommandOptions, wanted: PlaceProvisioning): Promise<void> {
  const config = readDatabaseConfig();
  if (config.kind === 'embedded') {
    throw usageFault('--print-sql is for a server that POSTGRES_HOST or DATABASE_URL names', help);
  }
  const place = await openPlace(config, { purpose: 'qhub db provision --print-sql' });
  const sql = provisioningSql(provisionOptions(place, wanted));
  printResult(options, { sql }, sql.trimEnd());
}

function serviceLogins(options: ProvisionCommandOptions): ServiceLoginOptions[] {
  const { serviceLogin: service, resetPasswords } = options;
  if (service === undefined) return [];
  if (!services.includes(service)) {
    throw usageFault(`--service-login is "${service}"; expected one of ${services.join(', ')}`, help);
  }
  const password = servicePassword();
  return [
    {
      name: `quantum_${service}`,
      service: service as ServiceLoginOptions['service'],
      password,
      resetPassword: resetPasswords && password !== undefined,
    },
  ];
}

function servicePassword(): string | undefined {
  const { QHUB_SERVICE_PASSWORD: password, QHUB_SERVICE_PASSWORD_FILE: path } = process.env;
  if (!path) return password || undefined;
  try {
    // npx changes the directory inside a workspace; INIT_CWD is where the person stood.
    return readFileSync(resolve(process.env.INIT_CWD ?? '', path), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw usageFault(`QHUB_SERVICE_PASSWORD_FILE is "${path}" (${reason}); expected a readable file`, help);
  }
}
