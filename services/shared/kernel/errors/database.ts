import type { Room } from './entry.ts';

/** What a caller may know about a database that does not answer: not its host, its roles or its size. */
const unavailable = 'the database is not available at the moment; try again in a few seconds';

/** Connections, settings, roles and units of work. */
export const databaseErrors = {
  'database.config_invalid': {
    status: 500,
    message: 'the database settings are wrong: {faults}',
    publicMessage: unavailable,
    why: 'One or more `POSTGRES_*` settings, or `DATABASE_URL`, have values that cannot be used; all are listed.',
    fix: 'Correct every setting that the message names and start again.',
  },
  'database.unreachable': {
    status: 503,
    message: 'no PostgreSQL answers at {address}[ ({reason})]; start it[ {how}][, or correct {settings}]',
    publicMessage: unavailable,
    why: 'The host is unknown, refuses the connection or does not answer in time. The embedded server is down: a hub starts it again within seconds, unless somebody stopped it.',
    fix: 'The embedded server: `npx qhub db server status` says how it stands, `npx qhub db server start` starts it. Another one: start it, or correct `POSTGRES_HOST` and `POSTGRES_PORT`.',
  },
  'database.wrong_password': {
    status: 503,
    message:
      'PostgreSQL[ at {address}] refused the password of the login "{login}"; correct POSTGRES_PASSWORD',
    publicMessage: unavailable,
    why: 'The login does not exist, or its password is another one.',
    fix: 'Correct `POSTGRES_USER` and `POSTGRES_PASSWORD`.',
  },
  'database.login_refused': {
    status: 503,
    message: 'PostgreSQL[ at {address}] does not let the login "{login}" in[: {reason}]; see its pg_hba.conf',
    publicMessage: unavailable,
    why: 'The server’s `pg_hba.conf`, or a missing right to connect, keeps this login out of this database.',
    fix: 'Allow the login in `pg_hba.conf`, or run `npx qhub db provision` as an administrator.',
  },
  'database.unknown_database': {
    status: 503,
    message:
      'PostgreSQL[ at {address}] has no database "{database}"; run `npx qhub db provision`, which creates it, or correct POSTGRES_DB',
    publicMessage: unavailable,
    why: 'The server answers, but has no database of that name.',
    fix: 'Run `npx qhub db provision` (or `createdb NAME`), or correct `POSTGRES_DB`.',
  },
  'database.too_many_connections': {
    status: 503,
    message:
      'PostgreSQL[ at {address}] has no free connection; lower POSTGRES_POOL_MAX or raise its max_connections',
    publicMessage: unavailable,
    why: 'All connections that the server allows are in use.',
    fix: 'Lower `POSTGRES_POOL_MAX`, use a pooler, or raise the server’s `max_connections`.',
  },
  'database.tls_failed': {
    status: 503,
    message:
      'no TLS connection to PostgreSQL at {address}[: {reason}]; see POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT',
    publicMessage: unavailable,
    why: 'The server has no TLS, or its certificate does not pass the check that `POSTGRES_SSLMODE` asks for.',
    fix: 'Name the right root certificate in `POSTGRES_SSLROOTCERT`, or choose the mode that fits the server.',
  },
  'database.connection_lost': {
    status: 503,
    message: 'the connection to PostgreSQL was lost[; {outcome}]',
    publicMessage: 'the connection to the database was lost[; {outcome}]',
    why: 'The server was stopped or restarted, or the network was cut. Lost during COMMIT, the outcome is unknown.',
    fix: 'Try again; where the outcome is unknown, read first whether the change is there.',
  },
  'database.pool_exhausted': {
    status: 503,
    message:
      'none of the {max} connections became free within {waitedMs} ms; raise POSTGRES_POOL_MAX or shorten units of work',
    publicMessage: unavailable,
    why: 'More units of work ran at once than the pool has connections, or some of them hold theirs for too long.',
    fix: 'Raise `POSTGRES_POOL_MAX`, or look for units of work that wait for something other than the database.',
  },
  'database.not_open': {
    status: 503,
    message: 'no database is open in this process; call openDatabase() first',
    publicMessage: unavailable,
    why: '`getDb` or `getAsyncDb` was called before `openDatabase`, or after the database was closed.',
    fix: 'Open the database where the process is composed, and close it last.',
  },
  'database.already_open': {
    status: 500,
    message: 'a database is open in this process already; close it before opening another',
    publicMessage: unavailable,
    why: '`openDatabase` was called twice, and `getDb` serves one database per process.',
    fix: 'Open it once, where the process is composed.',
  },
  'database.closing': {
    status: 503,
    message: 'the database is being closed and takes no new work; try again after the restart',
    publicMessage: unavailable,
    why: 'The process is shutting down: work in flight ends, new work is refused.',
    fix: 'Try again in a few seconds.',
  },
  'database.session_ended': {
    status: 500,
    message: 'this database session has ended[ ({reason})]; use it only inside its unit of work',
    why: 'A session was used after its unit of work was committed or rolled back; most often an `await` is missing.',
    fix: 'Await everything inside the unit of work, and open a new one for later work.',
  },
  'database.cancelled': {
    status: 499,
    message: 'the unit of work was cancelled[: {reason}]; nothing was written',
    why: 'The caller went away or its signal was aborted; the transaction was rolled back.',
    fix: 'Send the request again if it is still wanted.',
  },
  'database.direct_connection_needed': {
    status: 500,
    message:
      'a connection pooler stands between this process and PostgreSQL; expected a direct connection for messages and locks: set POSTGRES_DIRECT_HOST and POSTGRES_DIRECT_PORT',
    publicMessage: unavailable,
    why: 'LISTEN and the lock by which a worker is seen to be alive belong to one connection; a pooler in transaction mode hands it to others.',
    fix: 'Name the server itself with `POSTGRES_DIRECT_HOST` and `POSTGRES_DIRECT_PORT`; all other work goes through the pooler as before.',
  },
  'database.role_unsafe': {
    status: 500,
    message:
      'the role "{role}" {fault}, so PostgreSQL would not keep users apart; expected a plain role: run `npx qhub db provision`',
    publicMessage: unavailable,
    why: 'Superusers and roles with BYPASSRLS see every row: Quantum Hub refuses to run units of work as such a role.',
    fix: 'Run `npx qhub db provision` as an administrator; it repairs the roles.',
  },
  'database.role_unavailable': {
    status: 500,
    message:
      'the login "{login}" cannot act as the role "{role}"; run `npx qhub db provision` as an administrator',
    publicMessage: unavailable,
    why: 'The role does not exist, or the application’s login is no member of it.',
    fix: 'Run `npx qhub db provision` as an administrator.',
  },
  'database.not_provisioned': {
    status: 503,
    message:
      'the database "{database}" is not provisioned[: {missing}]; run `npx qhub db provision` as an administrator',
    publicMessage: unavailable,
    why: 'Roles, memberships or rights that the services need are missing.',
    fix: 'Run `npx qhub db provision` as an administrator.',
  },
  'database.admin_right_missing': {
    status: 500,
    message: 'the administrator "{login}" lacks {right}; let a superuser run: {statement}',
    publicMessage: unavailable,
    why: 'Provisioning needs a superuser, or a login with CREATEROLE that owns the database.',
    fix: 'Let a superuser run the statement in the message, or name another `POSTGRES_ADMIN_USER`.',
  },
} as const satisfies Room<'database'>;
