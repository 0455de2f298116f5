/** PostgreSQL settings by name. */
export type Settings = Record<string, string | number | boolean>;

/** The user that `initdb` makes: the superuser for provisioning, never for work. */
export const ADMIN_USER = 'postgres';

/** Tells our servers from one that somebody started by hand on the same data; also seen in `ps`. */
export const CLUSTER_NAME = 'quantum-hub';

/** A server is reached on this machine only. */
export const HOST = '127.0.0.1';

/** What every server of ours runs with. Only what the server does on its own account is logged: errors of statements, which quote values, go to their senders alone. */
const COMMON: Settings = {
  listen_addresses: HOST,
  unix_socket_permissions: '0700',
  cluster_name: CLUSTER_NAME,
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: false,
  log_destination: 'stderr',
  log_line_prefix: '%m [%p] ',
  log_statement: 'none',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_min_duration_statement: -1,
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
};

/** A server that keeps what it has acknowledged, whatever postgresql.conf says. */
export const DURABLE: Settings = { ...COMMON, fsync: true, full_page_writes: true };

/** A server whose data nobody will miss. */
export const THROWAWAY: Settings = {
  ...COMMON,
  fsync: false,
  full_page_writes: false,
  synchronous_commit: false,
  max_wal_size: '256MB',
  shared_buffers: '64MB',
};

/** Settings as arguments of the `postgres` program. */
export function settingArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [
    '-c',
    `${name}=${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`,
  ]);
}
