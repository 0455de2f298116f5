import { hubError } from '@quantum-hub/kernel';
import { Pool, type PoolClient } from 'pg';
import { type ConnectionSettings, clientConfig, HubClient } from './client.ts';
import { connectError } from './client-errors.ts';

export interface PoolLimits {
  /** Connections at most; default 10. */
  readonly max?: number;
  /** How long to wait for a new connection, or for one of the pool to become free; default 5 s. */
  readonly connectTimeoutMs?: number;
  /** Connections that nobody needs are closed after this; default 30 s. */
  readonly idleTimeoutMs?: number;
  /** Connections are replaced at this age, so that a server behind a balancer gets its share; default 1 h. */
  readonly maxLifetimeMs?: number;
}

export interface PoolFigures {
  /** Open connections, those in use included. */
  readonly total: number;
  readonly idle: number;
  /** Units of work that wait for a connection. */
  readonly waiting: number;
  readonly max: number;
}

/** node-postgres says this when no connection of a full pool became free; a new one that fails says otherwise. */
const exhausted = 'timeout exceeded when trying to connect';

/** A node-postgres pool with limits, whose errors are clear. */
export class ConnectionPool {
  readonly #pool: Pool;
  readonly #settings: ConnectionSettings;
  readonly #max: number;
  readonly #timeoutMs: number;

  constructor(settings: ConnectionSettings, applicationName: string, limits: PoolLimits = {}) {
    this.#settings = settings;
    this.#max = limits.max ?? 10;
    this.#timeoutMs = limits.connectTimeoutMs ?? 5000;
    this.#pool = new Pool({
      ...clientConfig(settings, applicationName),
      Client: HubClient,
      // A statement is sent when it is asked for, also while the one before is not answered.
      pipeline: true,
      max: this.#max,
      connectionTimeoutMillis: this.#timeoutMs,
      idleTimeoutMillis: limits.idleTimeoutMs ?? 30_000,
      maxLifetimeSeconds: (limits.maxLifetimeMs ?? 3_600_000) / 1000,
      allowExitOnIdle: true,
    });
    // A connection that ends while idle is taken out by the pool; without a listener it would end the process.
    this.#pool.on('error', () => {});
  }

  get settings(): ConnectionSettings {
    return this.#settings;
  }

  async acquire(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (error instanceof Error && error.message === exhausted) {
        throw hubError('database.pool_exhausted', { max: this.#max, waitedMs: this.#timeoutMs });
      }
      throw connectError(error, this.#settings);
    }
  }

  figures(): PoolFigures {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount, max: this.#max };
  }

  /** Resolves when every connection is closed; those in use are when they are given back. */
  end(): Promise<void> {
    return this.#pool.end();
  }
}
