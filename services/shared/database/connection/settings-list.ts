import { z } from 'zod';

/** One environment variable: the table in the documentation is made of these. */
export interface SettingDescription {
  readonly name: string;
  /** What holds without it, as text; absent when there is no default. */
  readonly default?: string;
  readonly expected: string;
  readonly meaning: string;
  /** Its value is never printed. A variable `<name>_FILE` may name a file that holds it instead. */
  readonly secret?: true;
}

interface Setting<T> extends SettingDescription {
  readonly schema: z.ZodType<T>;
}

const text = z.string();

function integer(least: number, most: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

const day = 86_400_000;
const duration = `milliseconds, a whole number from 0 (no limit) to ${day}`;
const cluster = 'goes to the login by provisioning, so that connection poolers keep it';

const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof tlsModes)[number];

/**
 * Every setting with its check. The modes of TLS have libpq's meaning; `prefer` and `allow` are left out because
 * whoever can cut a connection can also talk them out of TLS.
 */
export const settings = {
  url: {
    name: 'DATABASE_URL',
    schema: text,
    expected: 'postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=...',
    meaning: 'All of the server in one line; the single settings must not say otherwise.',
    secret: true,
  },
  host: {
    name: 'POSTGRES_HOST',
    schema: text.regex(/^[^\s,@]+$/),
    expected: 'one host name, address or directory of a Unix socket',
    meaning: 'The PostgreSQL server. Without it (and without DATABASE_URL) the embedded server is used.',
  },
  port: {
    name: 'POSTGRES_PORT',
    schema: integer(1, 65_535),
    default: '5432',
    expected: 'a port, 1 to 65535',
    meaning: 'The port of the server, or the one that the embedded server has to take.',
  },
  directHost: {
    name: 'POSTGRES_DIRECT_HOST',
    schema: text.regex(/^[^\s,@]+$/),
    default: 'the same as POSTGRES_HOST',
    expected: 'one host name, address or directory of a Unix socket',
    meaning:
      "The server itself, where POSTGRES_HOST is a connection pooler: messages, liveness locks, the administrator's login, migrations and backups need it.",
  },
  directPort: {
    name: 'POSTGRES_DIRECT_PORT',
    schema: integer(1, 65_535),
    default: 'the same as POSTGRES_PORT',
    expected: 'a port, 1 to 65535',
    meaning: 'The port of POSTGRES_DIRECT_HOST.',
  },
  database: {
    name: 'POSTGRES_DB',
    schema: text.max(63),
    default: 'quantum_hub',
    expected: 'a database name of at most 63 bytes',
    meaning: 'The database.',
  },
  user: {
    name: 'POSTGRES_USER',
    schema: text.max(63),
    default: 'quantum_user',
    expected: 'a login name of at most 63 bytes',
    meaning: 'The login of the services.',
  },
  password: {
    name: 'POSTGRES_PASSWORD',
    schema: text,
    expected: 'the password of POSTGRES_USER',
    meaning: 'The password of POSTGRES_USER.',
    secret: true,
  },
  adminUser: {
    name: 'POSTGRES_ADMIN_USER',
    schema: text.max(63),
    default: 'the same as POSTGRES_USER',
    expected: 'a login name of at most 63 bytes',
    meaning: 'The login for provisioning, migrations and backups.',
  },
  adminPassword: {
    name: 'POSTGRES_ADMIN_PASSWORD',
    schema: text,
    expected: 'the password of POSTGRES_ADMIN_USER',
    meaning: 'The password of POSTGRES_ADMIN_USER.',
    secret: true,
  },
  tlsMode: {
    name: 'POSTGRES_SSLMODE',
    schema: z.enum(tlsModes),
    default: 'disable',
    expected: 'disable, require (encrypted, anyone may answer), verify-ca or verify-full',
    meaning: "TLS to the server, with libpq's meaning: use verify-full wherever the network is not your own.",
  },
  tlsRootCertificate: {
    name: 'POSTGRES_SSLROOTCERT',
    schema: text,
    default: "the system's certificate authorities",
    expected: 'the path of a readable PEM file, or system',
    meaning: 'The certificate authorities that the server must come from.',
  },
  tlsCertificate: {
    name: 'POSTGRES_SSLCERT',
    schema: text,
    expected: 'the path of a readable PEM file',
    meaning: "The client's certificate, with POSTGRES_SSLKEY.",
  },
  tlsKey: {
    name: 'POSTGRES_SSLKEY',
    schema: text,
    expected: 'the path of a readable PEM file',
    meaning: "The key of the client's certificate.",
  },
  poolMax: {
    name: 'POSTGRES_POOL_MAX',
    schema: integer(1, 1000),
    default: '10',
    expected: 'a whole number from 1 to 1000',
    meaning: 'How many connections one process opens at most.',
  },
  connectTimeoutMs: {
    name: 'POSTGRES_CONNECT_TIMEOUT_MS',
    schema: integer(1, day),
    default: '5000',
    expected: `milliseconds, a whole number from 1 to ${day}`,
    meaning: 'How long to wait for a connection, a new one or one of the pool.',
  },
  statementTimeoutMs: {
    name: 'POSTGRES_STATEMENT_TIMEOUT_MS',
    schema: integer(0, day),
    default: '15000',
    expected: duration,
    meaning: `How long one statement may run; ${cluster}.`,
  },
  lockTimeoutMs: {
    name: 'POSTGRES_LOCK_TIMEOUT_MS',
    schema: integer(0, day),
    default: '10000',
    expected: duration,
    meaning: `How long a statement may wait for a lock; ${cluster}.`,
  },
  idleInTransactionTimeoutMs: {
    name: 'POSTGRES_IDLE_IN_TRANSACTION_TIMEOUT_MS',
    schema: integer(0, day),
    default: '60000',
    expected: duration,
    meaning: `How long a transaction may do nothing; ${cluster}.`,
  },
  slowStatementMs: {
    name: 'POSTGRES_SLOW_STATEMENT_MS',
    schema: integer(0, day),
    default: '500',
    expected: `milliseconds, a whole number from 0 (never) to ${day}`,
    meaning: 'Statements that take longer are logged, without their values.',
  },
  prepared: {
    name: 'POSTGRES_PREPARED',
    schema: z.enum(['auto', 'on', 'off']),
    default: 'auto',
    expected: 'auto, on or off',
    meaning: 'Named prepared statements: auto uses them where no connection pooler is seen in between.',
  },
  home: {
    name: 'QHUB_HOME',
    schema: text,
    default: '.quantum-hub in the checkout',
    expected: 'a directory',
    meaning: 'Where the embedded server keeps its data.',
  },
} as const satisfies Record<string, Setting<unknown>>;

export type SettingKey = keyof typeof settings;
export type SettingValue<Key extends SettingKey> = z.output<(typeof settings)[Key]['schema']>;
