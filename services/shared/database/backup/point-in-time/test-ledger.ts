/** A table in which tests see how far a recovery went. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AdminConnection } from '../../connection/admin-connection.ts';
import { connectAdmin } from '../../connection/admin-connection.ts';
import { deliverLog } from './deliver-log.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { recover } from './recover.ts';
import type { ScratchServer } from './scratch-server.ts';
import type { Target } from './target.ts';

export class Ledger {
  readonly scratch: ScratchServer;

  constructor(scratch: ScratchServer) {
    this.scratch = scratch;
  }

  async #ask<Row>(text: string): Promise<Row> {
    await using server = await connectAdmin(this.scratch.admin, { service: 'test' });
    return (await server.query<Row>(text)).rows[0] as Row;
  }

  /** Writes one line in a transaction of its own; gives its id and a moment after it. */
  async write(line: string): Promise<{ id: string; moment: string }> {
    await this.#ask('create table if not exists ledger (line text)');
    const { id } = await this.#ask<{ id: string }>(
      `insert into ledger values ('${line}') returning pg_current_xact_id()::text as id`,
    );
    const { moment } = await this.#ask<{ moment: string }>(
      `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment`,
    );
    return { id, moment };
  }

  async deliver(): Promise<string> {
    await using server = await connectAdmin(this.scratch.admin, { service: 'test' });
    return (await deliverLog(server, { timeoutMs: 60_000 })).segment;
  }

  engine(): Promise<Engine> {
    return openEngine(this.scratch.pitr);
  }

  /** What stands in the table after a recovery that is thrown away. */
  async recovered(target: Target, backup?: string): Promise<string[]> {
    const folder = join(this.scratch.folder, 'recovered');
    const inspect = async (server: AdminConnection) =>
      (await server.query<{ line: string }>('select line from ledger')).rows.map(({ line }) => line);
    const request = { target, backup, folder, keep: false, inspect };
    return (await recover(this.scratch.pitr, await this.engine(), request)).seen;
  }

  /** What recoveries left behind: it should be nothing. */
  leftovers(): string[] {
    return readdirSync(this.scratch.folder).filter((name) => !['data', 'pitr', 'repository'].includes(name));
  }
}
