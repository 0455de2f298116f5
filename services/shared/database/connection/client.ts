import type { Hidden } from '@quantum-hub/kernel';
import { Client, type ClientConfig } from 'pg';
import type { LoginSettings, TlsSettings } from '../config.ts';
import { tlsOptions } from './tls.ts';

/** Where a server is and who logs in; a `ServerConfig` with its `login` makes one. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string | Hidden<string>;
  readonly tls?: TlsSettings;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly tls?: TlsSettings;
}

export function connectionSettings(place: Place, login: LoginSettings): ConnectionSettings {
  const { host, port, database, tls } = place;
  return { host, port, database, tls, user: login.user, password: login.password };
}

/** `host:port`, or the directory of the socket. */
export function addressOf({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Probes of a quiet connection start after this; with the kernel's ten probes a dead peer is found in 20 s. */
const keepAliveDelayMs = 10_000;

/**
 * Options of node-postgres. Time limits of statements are not among them: they stand on the login, because PgBouncer
 * refuses connections with start-up parameters that it does not know.
 */
export function clientConfig(settings: ConnectionSettings, applicationName: string): ClientConfig {
  const { password } = settings;
  return {
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    // A function keeps node-postgres from looking into PGPASSWORD and ~/.pgpass when there is no password.
    password: (() => (typeof password === 'object' ? password.reveal() : password)) as () => string,
    ssl: tlsOptions(settings.tls, settings.host),
    application_name: applicationName,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
  };
}

/** What this module remembers of a physical connection of the pool. */
export interface ClientFacts {
  /** Roles whose attributes were found safe on this connection. */
  readonly safeRoles: Set<string>;
  /** Whether named statements survive from one transaction to the next; undefined until the first one asked. */
  keepsStatements?: boolean;
  /** Units of work that were opened on it: a connection that was used before may have died in the pool. */
  uses: number;
  /** Why the connection ended, if it did. */
  error?: Error;
}

const factsOfClients = new WeakMap<object, ClientFacts>();

export function factsOf(client: object): ClientFacts {
  let facts = factsOfClients.get(client);
  if (!facts) factsOfClients.set(client, (facts = { safeRoles: new Set(), uses: 0 }));
  return facts;
}

/** Keeps a connection that the server drops from ending the process, and remembers why it was dropped. */
export function watch(client: Client): void {
  const facts = factsOf(client);
  client.on('error', (error: Error) => {
    facts.error ??= error;
  });
}

/** A client of its own, not of a pool; not connected yet. */
export function newClient(settings: ConnectionSettings, applicationName: string, timeoutMs: number): Client {
  const client = new Client({
    ...clientConfig(settings, applicationName),
    connectionTimeoutMillis: timeoutMs,
  });
  watch(client);
  return client;
}
