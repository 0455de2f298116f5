import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Hidden, HubError } from '@quantum-hub/kernel';
import { type Environment, type ReadSettings, readSettings } from './connection/read-settings.ts';
import { type SettingDescription, settings, type TlsMode } from './connection/settings-list.ts';

/** PEM texts, not paths. Without `rootCertificate` the certificate authorities of Node count. */
export interface TlsSettings {
  readonly mode: TlsMode;
  readonly rootCertificate?: string;
  readonly certificate?: string;
  readonly key?: Hidden<string>;
}

export interface LoginSettings {
  readonly user: string;
  readonly password?: Hidden<string>;
}

interface CommonConfig {
  /** The directory of the embedded server, absolute. */
  readonly home: string;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  /** 0 means: none are logged. */
  readonly slowStatementMs: number;
  readonly prepared: 'auto' | 'on' | 'off';
  /** For the login, set by provisioning; 0 means no limit. */
  readonly timeouts: {
    readonly statementTimeoutMs: number;
    readonly lockTimeoutMs: number;
    readonly idleInTransactionTimeoutMs: number;
  };
  /** Sentences about settings that have no effect. */
  readonly notices: readonly string[];
}

/** The embedded server has its own logins and passwords; a port only if one was asked for. */
interface EmbeddedConfig extends CommonConfig {
  readonly kind: 'embedded';
  readonly port?: number;
}

interface ServerConfig extends CommonConfig {
  readonly kind: 'server';
  readonly host: string;
  readonly port: number;
  /** The server itself, where `host` and `port` are a pooler's; else the same. */
  readonly direct: { readonly host: string; readonly port: number };
  readonly database: string;
  readonly login: LoginSettings;
  /** For provisioning, migrations and backups; the same as `login` unless set. */
  readonly admin: LoginSettings;
  readonly tls: TlsSettings;
}

export type DatabaseConfig = EmbeddedConfig | ServerConfig;

/** All faults of the settings at once, one line each where there are several. */
export class ConfigError extends HubError {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super('database.config_invalid', { faults: faults.join('; ') });
    this.faults = faults;
    const [only, ...others] = faults;
    this.message =
      others.length === 0
        ? `the database settings are wrong: ${only}`
        : ['the database settings are wrong:', ...faults].join('\n- ');
  }
}

const repository = resolve(import.meta.dirname, '../../..');

function hidden(secret: string | undefined): Hidden<string> | undefined {
  return secret === undefined ? undefined : new Hidden(secret);
}

function commonConfig({ values }: ReadSettings, env: Environment): Omit<CommonConfig, 'notices'> {
  // npx changes the directory inside a workspace; INIT_CWD is where the person stood.
  const home = values.home ? resolve(env.INIT_CWD ?? process.cwd(), values.home) : undefined;
  return {
    home: home ?? resolve(repository, '.quantum-hub'),
    poolMax: values.poolMax ?? 10,
    connectTimeoutMs: values.connectTimeoutMs ?? 5000,
    slowStatementMs: values.slowStatementMs ?? 500,
    prepared: values.prepared ?? 'auto',
    timeouts: {
      statementTimeoutMs: values.statementTimeoutMs ?? 15_000,
      lockTimeoutMs: values.lockTimeoutMs ?? 10_000,
      idleInTransactionTimeoutMs: values.idleInTransactionTimeoutMs ?? 60_000,
    },
  };
}

type FileKey = 'tlsRootCertificate' | 'tlsCertificate' | 'tlsKey';

function readPem({ values, faults }: ReadSettings, key: FileKey, env: Environment): string | undefined {
  const path = values[key];
  if (path === undefined || (key === 'tlsRootCertificate' && path === 'system')) return undefined;
  const setting = settings[key];
  try {
    const pem = readFileSync(resolve(env.INIT_CWD ?? process.cwd(), path), 'utf8');
    if (/-----BEGIN [A-Z ]+-----/.test(pem)) return pem;
    faults.push(`${setting.name} is "${path}", which holds no PEM; expected ${setting.expected}`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    faults.push(`${setting.name} is "${path}" (${reason}); expected ${setting.expected}`);
  }
  return undefined;
}

function tlsSettings(read: ReadSettings, env: Environment): TlsSettings {
  const { values, faults } = read;
  const rootCertificate = readPem(read, 'tlsRootCertificate', env);
  const certificate = readPem(read, 'tlsCertificate', env);
  const key = readPem(read, 'tlsKey', env);
  if ((values.tlsCertificate === undefined) !== (values.tlsKey === undefined)) {
    faults.push('POSTGRES_SSLCERT and POSTGRES_SSLKEY belong together; set both or none');
  }
  return { mode: values.tlsMode ?? 'disable', rootCertificate, certificate, key: hidden(key) };
}

function serverConfig(read: ReadSettings, env: Environment, host: string): ServerConfig {
  const { values, faults } = read;
  const login = { user: values.user ?? 'quantum_user', password: hidden(values.password) };
  if (values.adminPassword !== undefined && values.adminUser === undefined) {
    faults.push('POSTGRES_ADMIN_PASSWORD is set without POSTGRES_ADMIN_USER; set both or none');
  }
  return {
    kind: 'server',
    host,
    port: values.port ?? 5432,
    direct: {
      host: values.directHost ?? host,
      port: values.directPort ?? (values.directHost === undefined ? values.port : undefined) ?? 5432,
    },
    database: values.database ?? 'quantum_hub',
    login,
    admin:
      values.adminUser === undefined
        ? login
        : { user: values.adminUser, password: hidden(values.adminPassword) },
    tls: tlsSettings(read, env),
    ...commonConfig(read, env),
    notices: [],
  };
}

const onlyForServers = [
  'database',
  'user',
  'password',
  'adminUser',
  'adminPassword',
  'tlsMode',
  'tlsRootCertificate',
] as const;

function embeddedConfig(read: ReadSettings, env: Environment): EmbeddedConfig {
  const unused = onlyForServers
    .filter((key) => read.values[key] !== undefined)
    .map((key) => settings[key].name);
  const notices = unused.length
    ? [`${unused.join(', ')} set, but no POSTGRES_HOST: the embedded server is used, without them`]
    : [];
  return { kind: 'embedded', port: read.values.port, ...commonConfig(read, env), notices };
}

/**
 * Reads and checks every database setting. Throws one `ConfigError` that names all faults; the result is frozen and
 * prints its passwords as `[hidden]`.
 */
export function readDatabaseConfig(env: Environment = process.env): DatabaseConfig {
  const read = readSettings(env);
  // With a faulty host or URL a server was meant: its other settings are checked all the same.
  const host = read.values.host ?? (env.POSTGRES_HOST || env.DATABASE_URL || env.DATABASE_URL_FILE);
  const config = host ? serverConfig(read, env, host) : embeddedConfig(read, env);
  if (read.faults.length > 0) throw new ConfigError(read.faults);
  for (const part of Object.values(config)) if (typeof part === 'object') Object.freeze(part);
  return Object.freeze(config);
}

/** Every setting with its default and meaning, for the documentation. Names only, no values. */
export const databaseSettings: readonly SettingDescription[] = Object.values(settings).map(
  ({ name, expected, meaning, ...rest }: SettingDescription) => ({
    name,
    default: rest.default,
    expected,
    meaning,
    ...(rest.secret ? { secret: true as const } : {}),
  }),
);
