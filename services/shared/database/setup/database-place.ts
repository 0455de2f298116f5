/** Where this process's database is: the embedded server, borrowed for a while, or a server of the operator's. */
import { join } from 'node:path';
import { Hidden, hubError } from '@quantum-hub/kernel';
import type { DatabaseConfig } from '../config.ts';
import { addressOf, type ConnectionSettings, connectionSettings } from '../connection/client.ts';
import { borrowServer, keepServerUp, type RunningServer, readSecret, serverStatus } from '../server/index.ts';

/** The embedded server's database and login; other servers have theirs by `POSTGRES_DB` and `POSTGRES_USER`. */
export const embeddedDatabase = 'quantum_hub';
export const embeddedLogin = 'quantum_user';

/** The file of the home that holds the password of the embedded server's `quantum_user`. */
export const applicationPasswordFile = 'application-password';

export interface PlaceOptions {
  /** What the embedded server is used for, as `qhub db server status` shows it. */
  readonly purpose: string;
  readonly onProgress?: (line: string) => void;
  /** Throws `database.not_set_up` instead of making an embedded server where there never was one. */
  readonly mustExist?: boolean;
}

/** What people may be told about a place; no secrets. */
export interface PlaceDescription {
  readonly kind: 'embedded' | 'server';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly adminUser: string;
  /** Where the password of `user` is kept. */
  readonly passwordIn: string;
  /** Of the embedded server, such as `15.18`. */
  readonly version?: string;
  /** False when the embedded server was up already, and for a server of the operator's. */
  readonly startedHere: boolean;
}

export class DatabasePlace implements AsyncDisposable {
  readonly config: DatabaseConfig;
  /** The login for provisioning, migrations and backups, at the server itself: their locks are a session's, and a pooler knows no such login. */
  readonly admin: ConnectionSettings;
  readonly #server: RunningServer | undefined;

  constructor(config: DatabaseConfig, admin: ConnectionSettings, server?: RunningServer) {
    this.config = config;
    this.admin = admin;
    this.#server = server;
  }

  /** The login for units of work. Throws `database.not_set_up` before the embedded server has one. */
  get application(): ConnectionSettings {
    const { config, admin } = this;
    if (config.kind === 'server') return connectionSettings(config, config.login);
    const password = readSecret(config.home, applicationPasswordFile);
    if (password === undefined) throw hubError('database.not_set_up', { home: config.home });
    return { ...admin, user: embeddedLogin, password: new Hidden(password) };
  }

  /** The same login at the server itself, where a pooler stands in between: for messages and locks of a session. */
  get direct(): ConnectionSettings {
    const { config, application } = this;
    return config.kind === 'server' ? { ...application, ...config.direct } : application;
  }

  describe(): PlaceDescription {
    const { config, admin } = this;
    const { host, port, database } = admin;
    const place = { kind: config.kind, host, port, database, adminUser: admin.user };
    if (config.kind === 'server') {
      return { ...place, user: config.login.user, passwordIn: 'the environment', startedHere: false };
    }
    return {
      ...place,
      user: embeddedLogin,
      passwordIn: join(config.home, applicationPasswordFile),
      version: this.#server?.version,
      startedHere: this.#server?.startedHere ?? false,
    };
  }

  /**
   * As long as the result is not disposed of, the embedded server is started again when it dies (not when somebody stops it);
   * `log` is told. A server of the operator's is the operator's to keep up: nothing is done.
   */
  keepUp(log: (line: string, level: 'info' | 'warn' | 'error') => void): AsyncDisposable {
    if (!this.#server) return { async [Symbol.asyncDispose]() {} };
    return keepServerUp({ home: this.config.home, port: this.#server.port, log });
  }

  /** Ends this use; `stopped` says whether the embedded server went down with it, as the last user takes it along. */
  async close(): Promise<{ stopped: boolean }> {
    return (await this.#server?.stop()) ?? { stopped: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Finds the database; an embedded server that is down is started. Dispose of the result to give it back. */
export async function openPlace(config: DatabaseConfig, options: PlaceOptions): Promise<DatabasePlace> {
  if (config.kind === 'server') {
    return new DatabasePlace(config, { ...connectionSettings(config, config.admin), ...config.direct });
  }
  const { home, port } = config;
  if (options.mustExist && serverStatus({ home }).state === 'absent') {
    throw hubError('database.not_set_up', { home });
  }
  const { purpose, onProgress } = options;
  const server = await borrowServer({ home, port, purpose, onProgress });
  const admin = {
    host: server.host,
    port: server.port,
    database: embeddedDatabase,
    user: server.adminUser,
    password: new Hidden(server.adminPassword),
    embedded: true,
  };
  return new DatabasePlace(config, admin, server);
}

/** The configured server as `host:port`; undefined for the embedded one. */
export function serverAddress(config: DatabaseConfig): string | undefined {
  return config.kind === 'server' ? addressOf(config) : undefined;
}
