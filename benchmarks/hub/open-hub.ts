import { Database, ormOptions } from '@quantum-hub/database';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import pg from 'pg';

/** Connections of each pool, and units of work in flight: the same for the hub and for bare pg. */
export const poolSize = 8;

/** A migrated database of its own, reached by the hub's code and by bare pg, with pools of one size. */
export class Hub implements AsyncDisposable {
  readonly place: TestDatabase;
  readonly database: Database;
  readonly pool: pg.Pool;

  constructor(place: TestDatabase, database: Database, pool: pg.Pool) {
    this.place = place;
    this.database = database;
    this.pool = pool;
  }

  /** The administrator's session: seeds, and looks at plans. */
  get admin(): TestDatabase['admin'] {
    return this.place.admin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.close();
    await this.pool.end();
    await this.place[Symbol.asyncDispose]();
  }
}

export async function openHub(): Promise<Hub> {
  const place = await createTestDatabase();
  const limits = { max: poolSize };
  const database = new Database({
    connection: place.application,
    service: 'benchmarks',
    orm: ormOptions,
    pool: limits,
  });
  return new Hub(place, database, new pg.Pool({ ...place.application, ...limits }));
}
