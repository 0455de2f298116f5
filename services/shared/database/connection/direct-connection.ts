import { setTimeout as wait } from 'node:timers/promises';
import { hubError, isHubError } from '@quantum-hub/kernel';
import type { Client } from 'pg';
import { type ConnectionSettings, destroyConnection, newClient } from './client.ts';
import { connectError } from './client-errors.ts';
import { backoffMs } from './retry.ts';

export interface DirectOptions {
  readonly connection: ConnectionSettings;
  /** The connection is called `quantum-hub:<service>` on the server. */
  readonly service: string;
  /** What is listened to. */
  readonly channels: readonly string[];
  /** An advisory lock (two halves) that is held while the connection lives: its absence tells others that this process is gone. */
  readonly lock?: readonly [number, number];
  readonly onMessage: (channel: string, payload: string) => void;
  /** Each time it is up again after it was lost: messages in between were lost, so whoever waits has to look. */
  readonly onReconnected?: () => void;
  readonly onLost?: (reason: Error) => void;
}

const connectTimeoutMs = 5000;
/** The sixth step: 320 ms at most, since others take this process for dead meanwhile. */
const longestBackoff = 6;
/** A peer that is gone without a word is found after this and one answer's time. */
const pingEveryMs = 5000;
const answerTimeoutMs = 5000;
/** The server may need a moment to notice that the connection that held the lock before is gone. */
const lockRetryMs = 250;

/**
 * One connection of its own to the server, beside the pool: what LISTEN and locks of a session need. A pooler in transaction mode
 * can't give that (it would take the lock on a connection that anybody gets next), so one in between is refused with
 * `database.direct_connection_needed`. A lost connection is made again for ever, until `close`.
 */
export class DirectConnection implements AsyncDisposable {
  readonly #options: DirectOptions;
  readonly #closing = new AbortController();
  #client: Client | undefined;
  #keeping: Promise<void> = Promise.resolve();

  private constructor(options: DirectOptions) {
    this.#options = options;
  }

  /** Connects, listens and takes the lock, or throws: `database.unreachable` and its kin, `database.lock_timeout` for a taken lock. */
  static async open(options: DirectOptions): Promise<DirectConnection> {
    const direct = new DirectConnection(options);
    const client = await direct.#connect();
    if (options.lock && !(await takeLock(client, options.lock))) {
      await client.end();
      throw hubError('database.lock_timeout');
    }
    direct.#keeping = direct.#keep(client);
    return direct;
  }

  /** False while it is lost. */
  get connected(): boolean {
    return this.#client !== undefined;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#keeping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #connect(): Promise<Client> {
    const { connection, service, channels, onMessage } = this.#options;
    const client = newClient(connection, `quantum-hub:${service}`, connectTimeoutMs);
    client.on('notification', ({ channel, payload }) => onMessage(channel, payload ?? ''));
    try {
      await client.connect();
      const { rows } = await ask(client, 'select pg_catalog.pg_backend_pid() as pid');
      const { processID } = client as unknown as { processID: number };
      if (rows[0]?.pid !== processID) throw hubError('database.direct_connection_needed');
      for (const channel of channels) await ask(client, `listen "${channel}"`);
      return client;
    } catch (error) {
      destroyConnection(client);
      throw isHubError(error) ? error : connectError(error, connection);
    }
  }

  /** Looks after one connection after the other until it is closed. */
  async #keep(first: Client): Promise<void> {
    let client: Client | undefined = first;
    for (let attempt = 1; !this.#closing.signal.aborted; attempt += 1) {
      if (client) {
        this.#client = client;
        const reason = await this.#untilLost(client);
        this.#client = undefined;
        if (this.#closing.signal.aborted) break;
        this.#options.onLost?.(reason);
        attempt = 1;
      }
      client = await this.#connectAgain();
      if (client) this.#options.onReconnected?.();
      else
        await wait(backoffMs(Math.min(attempt, longestBackoff)), undefined, {
          signal: this.#closing.signal,
        }).catch(() => {});
    }
    if (client) await goodbye(client);
  }

  async #connectAgain(): Promise<Client | undefined> {
    let client: Client | undefined;
    try {
      client = await this.#connect();
      const { lock } = this.#options;
      while (lock && !(await takeLock(client, lock))) {
        await wait(lockRetryMs, undefined, { signal: this.#closing.signal });
      }
      return client;
    } catch {
      if (client) destroyConnection(client);
      return undefined;
    }
  }

  /** Resolves when the connection is lost, does not answer any more, or is to be closed. */
  async #untilLost(client: Client): Promise<Error> {
    const { promise: lost, resolve } = Promise.withResolvers<Error>();
    client.once('error', resolve);
    client.once('end', () => resolve(new Error('the server closed the connection')));
    const stop = () => resolve(new Error('closed'));
    this.#closing.signal.addEventListener('abort', stop, { once: true });
    if (this.#closing.signal.aborted) stop();
    const timer = setInterval(() => {
      ask(client, 'select').catch(resolve);
    }, pingEveryMs);
    const reason = await lost;
    clearInterval(timer);
    this.#closing.signal.removeEventListener('abort', stop);
    if (!this.#closing.signal.aborted) destroyConnection(client);
    return reason;
  }
}

async function ask(client: Client, text: string): Promise<{ rows: Record<string, unknown>[] }> {
  return await client.query({ text, query_timeout: answerTimeoutMs } as never);
}

async function takeLock(client: Client, [one, two]: readonly [number, number]): Promise<boolean> {
  const { rows } = await ask(client, `select pg_catalog.pg_try_advisory_lock(${one}, ${two}) as taken`);
  return rows[0]?.taken === true;
}

/** Says goodbye, so that the server gives the lock back at once; a server that does not answer is left. */
async function goodbye(client: Client): Promise<void> {
  const gone = client.end().catch(() => {});
  await Promise.race([gone, wait(1000, undefined, { ref: false })]);
  destroyConnection(client);
}
