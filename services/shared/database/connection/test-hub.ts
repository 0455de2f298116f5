import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import type { ConnectionSettings } from './client.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { createScratchSchema, scratchOrm } from './scratch-schema.ts';

/** A database with the scratch tables, and a way to open it as the application does. */
export class TestHub implements AsyncDisposable {
  readonly test: TestDatabase;
  readonly #opened: Database[] = [];

  constructor(test: TestDatabase) {
    this.test = test;
  }

  get settings(): ConnectionSettings {
    return this.test.application;
  }

  open(options: Partial<DatabaseOptions> = {}): Database {
    const database = new Database({
      connection: this.settings,
      service: 'test',
      orm: scratchOrm,
      ...options,
    });
    this.#opened.push(database);
    return database;
  }

  /** One value, asked by the administrator. */
  async ask<Value>(sql: string, values: unknown[] = []): Promise<Value> {
    const { rows } = await this.test.admin.query({ text: sql, values, rowMode: 'array' });
    return rows[0]?.[0] as Value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map((database) => database.close({ deadlineMs: 0 })));
    await this.test[Symbol.asyncDispose]();
  }
}

export async function openTestHub(): Promise<TestHub> {
  const test = await createTestDatabase();
  await createScratchSchema(test.admin);
  return new TestHub(test);
}
