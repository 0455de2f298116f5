import type { Writable } from 'node:stream';
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
  /** The hub's own server, which no setting names. */
  readonly embedded?: boolean;
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
  const known = factsOfClients.get(client);
  if (known) return known;
  const facts: ClientFacts = { safeRoles: new Set(), uses: 0 };
  factsOfClients.set(client, facts);
  return facts;
}

/** Cuts the connection at once, without the goodbye that a hanging server would not read. */
export function destroyConnection(client: object): void {
  (client as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

type OnConnect = ((error: Error) => void) | ((error: null, client: Client) => void);

/**
 * node-postgres' client with three gaps closed: a connection that the server drops does not end the process (the reason is
 * kept in its facts), one that fails at log-in leaves no open socket behind, and statements that are asked for at once go in one
 * packet.
 */
export class HubClient extends Client {
  #corked = false;

  constructor(config?: ClientConfig) {
    super(config);
    const facts = factsOf(this);
    this.on('error', (error: Error) => {
      facts.error ??= error;
    });
  }

  override readonly query = ((...args: unknown[]) => {
    this.#sendTogether();
    return (super.query as (...given: unknown[]) => unknown)(...args);
  }) as Client['query'];

  /** Each write is a system call that wakes the server: what is asked for before the event loop goes on is one. */
  #sendTogether(): void {
    if (this.#corked) return;
    this.#corked = true;
    const { stream } = (this as unknown as { connection: { stream: Writable } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      stream.uncork();
    });
  }

  override connect(): Promise<Client>;
  override connect(callback: OnConnect): void;
  override connect(callback?: OnConnect): Promise<Client> | undefined {
    if (!callback) {
      return super.connect().catch((error: unknown) => {
        destroyConnection(this);
        throw error;
      });
    }
    super.connect((error: Error | null) => {
      if (error) destroyConnection(this);
      (callback as (error: Error | null, client: Client) => void)(error, this);
    });
    return undefined;
  }
}

/** A client of its own, not of a pool; not connected yet. */
export function newClient(settings: ConnectionSettings, applicationName: string, timeoutMs: number): Client {
  return new HubClient({ ...clientConfig(settings, applicationName), connectionTimeoutMillis: timeoutMs });
}
