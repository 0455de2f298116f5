import type { TestAddress } from '@quantum-hub/database/testing';
import pg from 'pg';
import type { Measured } from '../harness/compare.ts';
import { median, quantile } from '../harness/statistics.ts';

/** What writers saw while something was done. */
export type Seen = Pick<Measured, 'perSecond' | 'p50Ms' | 'p95Ms'> & { readonly longestMs: number };

/**
 * Sessions that write without pause, each one small statement after the other. A write that is under way when the work
 * ends is waited for and counts: it may be the one that the work held up.
 */
export class Writers implements AsyncDisposable {
  readonly #clients: readonly pg.Client[];
  readonly #write: (client: pg.Client) => Promise<unknown>;

  private constructor(clients: readonly pg.Client[], write: (client: pg.Client) => Promise<unknown>) {
    this.#clients = clients;
    this.#write = write;
  }

  static async start(
    count: number,
    address: TestAddress,
    write: (client: pg.Client) => Promise<unknown>,
  ): Promise<Writers> {
    const clients = Array.from({ length: count }, () => new pg.Client(address));
    await Promise.all(clients.map((client) => client.connect()));
    return new Writers(clients, write);
  }

  /** Runs the work while the sessions write; they begin before it and each makes a write after it. */
  async during(work: () => Promise<unknown>): Promise<Seen> {
    const durationsMs: number[] = [];
    let working = true;
    const one = async (client: pg.Client) => {
      const start = performance.now();
      await this.#write(client);
      durationsMs.push(performance.now() - start);
    };
    const loop = async (client: pg.Client) => {
      while (working) await one(client);
      await one(client);
    };
    await Promise.all(this.#clients.map(one));
    const start = performance.now();
    const loops = Promise.all(this.#clients.map(loop));
    try {
      await work();
    } finally {
      working = false;
      await loops;
    }
    const seconds = (performance.now() - start) / 1000;
    return {
      perSecond: durationsMs.length / seconds,
      p50Ms: median(durationsMs),
      p95Ms: quantile(durationsMs, 0.95),
      longestMs: durationsMs.reduce((a, b) => Math.max(a, b), 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
  }
}
