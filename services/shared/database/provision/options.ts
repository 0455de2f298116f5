import { hubError } from '@quantum-hub/kernel';
import { applicationRoles, roleNames, rolesOfService, type ServiceName, serviceNames } from './roles.ts';

interface LoginOptions {
  name: string;
  /** Needed only where the login does not exist yet. It never leaves this process: its SCRAM verifier is sent. */
  password?: string;
  /** Gives an existing login this password too. Without it the password of an existing login stays as it is. */
  resetPassword?: boolean;
}

/** The login of a service that runs alone: member of that service's role and of no other. */
export interface ServiceLoginOptions extends LoginOptions {
  service: ServiceName | 'worker';
}

/** Milliseconds; 0 switches a limit off. */
export interface TimeoutOptions {
  statementMs?: number;
  lockMs?: number;
  idleInTransactionMs?: number;
}

export interface ProvisionOptions {
  /** The database that is provisioned; the administrator must be connected to it. */
  database: string;
  /** The login of the hub, which may be the administrator itself. */
  applicationLogin: LoginOptions;
  serviceLogins?: readonly ServiceLoginOptions[];
  /**
   * Limits of every login named here. What is given is set; of the rest, what an operator set by hand
   * stays, and what is missing gets the default.
   */
  timeouts?: TimeoutOptions;
}

/** Defaults after strong_migrations' advice for application roles (15 s, 10 s). */
export const defaultTimeouts: Required<TimeoutOptions> = {
  statementMs: 15_000,
  lockMs: 10_000,
  idleInTransactionMs: 60_000,
};

/** The names of the PostgreSQL settings behind the timeouts. */
export const timeoutSettings: Readonly<Record<keyof TimeoutOptions, string>> = {
  statementMs: 'statement_timeout',
  lockMs: 'lock_timeout',
  idleInTransactionMs: 'idle_in_transaction_session_timeout',
};

/**
 * Every statement of the hub is qualified; only PostgreSQL's own names are found without a schema. `pg_temp` stands
 * last because it would be searched first if it were not named, and a temporary table could then shadow a system one.
 */
export const fixedSearchPath = 'pg_catalog, pg_temp';

/** A login with what it may act as. */
export interface PlannedLogin extends LoginOptions {
  roles: readonly string[];
  purpose: string;
}

/** All logins of the options: the application's first. Throws `database.config_invalid` with every fault. */
export function plannedLogins(options: ProvisionOptions): readonly PlannedLogin[] {
  const { applicationLogin, serviceLogins = [] } = options;
  const faults = [
    ...nameFaults('database', options.database),
    ...[applicationLogin, ...serviceLogins].flatMap(loginFaults),
    ...duplicates([applicationLogin, ...serviceLogins].map((login) => login.name)),
    ...serviceLogins.flatMap(serviceFaults),
    ...timeoutFaults(options.timeouts ?? {}),
  ];
  if (faults.length > 0) throw hubError('database.config_invalid', { faults: faults.join('; ') });
  return [
    {
      ...applicationLogin,
      roles: applicationRoles,
      purpose: 'Quantum Hub: the application; gets rights only by SET LOCAL ROLE.',
    },
    ...serviceLogins.map((login) => ({
      ...login,
      roles: rolesOfService(login.service),
      purpose: `Quantum Hub: the ${login.service} service running alone.`,
    })),
  ];
}

function nameFaults(kind: string, name: string): string[] {
  const bytes = Buffer.byteLength(name);
  if (bytes >= 1 && bytes <= 63 && !name.includes('\0')) return [];
  return [`the ${kind} name ${JSON.stringify(name)} must have 1 to 63 bytes without NUL`];
}

function loginFaults(login: LoginOptions): string[] {
  const faults = nameFaults('login', login.name);
  if (roleNames.includes(login.name) || /^pg_|^(public|none)$/.test(login.name)) {
    faults.push(`the login "${login.name}" has a reserved name; choose another, for instance quantum_user`);
  }
  if (login.password === '') faults.push(`the password of the login "${login.name}" is empty; give one`);
  if (login.password?.includes('\0')) faults.push(`the password of the login "${login.name}" contains NUL`);
  if (login.resetPassword && login.password === undefined) {
    faults.push(`the password of the login "${login.name}" is to be reset, but none was given`);
  }
  return faults;
}

function duplicates(names: readonly string[]): string[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return twice.map((name) => `the login "${name}" is named twice; give each service a login of its own`);
}

function serviceFaults(login: ServiceLoginOptions): string[] {
  const known: readonly string[] = [...serviceNames, 'worker'];
  if (known.includes(login.service)) return [];
  return [
    `the login "${login.name}" is for the service "${login.service}"; expected one of ${known.join(', ')}`,
  ];
}

function timeoutFaults(timeouts: TimeoutOptions): string[] {
  return Object.entries(timeouts).flatMap(([key, value]) => {
    if (!Object.hasOwn(timeoutSettings, key))
      return [`"${key}" is no timeout; expected ${Object.keys(timeoutSettings).join(', ')}`];
    if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= 2_147_483_647)) return [];
    return [`the timeout ${key} is ${value}; expected a whole number of milliseconds from 0 to 2147483647`];
  });
}
