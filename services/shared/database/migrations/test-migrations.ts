import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { type Migration, readMigrations } from './files.ts';
import { formatDownHeader, formatUpHeader, type UpHeader } from './header.ts';

export type Sample = {
  readonly up: string;
  readonly down: string;
  readonly header?: Partial<UpHeader>;
  readonly downTransaction?: 'one' | 'none';
};

/** Migrations of a test's own, in a folder that goes away. */
export class MigrationFolder implements Disposable {
  readonly path: string;

  constructor(samples: Record<string, Sample> = {}) {
    this.path = mkdtempSync(join(tmpdir(), 'qhub-migrations-'));
    mkdirSync(join(this.path, 'versions'));
    for (const [name, sample] of Object.entries(samples)) this.write(name, sample);
    this.order(Object.keys(samples));
  }

  write(name: string, { up, down, header, downTransaction }: Sample): void {
    const whole: UpHeader = {
      description: `Of a test: ${name}.`,
      hazards: [],
      reversible: 'yes',
      breaking: undefined,
      transaction: 'one',
      ...header,
    };
    const transaction = downTransaction ?? whole.transaction;
    this.put(`versions/${name}.up.sql`, `${formatUpHeader(whole)}\n${up}\n`);
    this.put(
      `versions/${name}.down.sql`,
      `${formatDownHeader({ description: 'Back.', transaction })}\n${down}\n`,
    );
  }

  order(names: readonly string[]): void {
    this.put('ORDER', names.map((name) => `${name}\n`).join(''));
  }

  put(path: string, text: string | Buffer): void {
    writeFileSync(join(this.path, path), text);
  }

  read(): Migration[] {
    return readMigrations(this.path);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const tableName = '20260101T000000_table';
export const indexName = '20260101T000100_index';
export const rowsName = '20260101T000200_rows';

/** One migration of each kind: with several statements, without transaction, and with rows that tell how often it ran. */
export const samples: Record<string, Sample> = {
  [tableName]: {
    up: 'create schema trial;\ncreate table trial.notes (id integer not null, text text not null);\ninsert into trial.notes values (1, $$a;b$$);',
    down: 'drop table trial.notes;\ndrop schema trial;',
    header: { reversible: 'loses data' },
  },
  [indexName]: {
    up: 'create unique index concurrently notes_id on trial.notes (id);',
    down: 'drop index concurrently trial.notes_id;',
    header: { transaction: 'none' },
  },
  [rowsName]: {
    up: "insert into trial.notes values (2, 'two');\ninsert into trial.notes values (3, 'three')",
    down: 'delete from trial.notes where id > 1;',
  },
};

/** A database that has the roles and no migration. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await wipe(database);
  return database;
}

export async function wipe({ admin }: TestDatabase): Promise<void> {
  await admin.query('drop schema if exists trial cascade; drop table if exists hub.migrations');
}

/** What the samples left: rows, indexes with their validity, and what is recorded. */
export async function traces({ admin }: TestDatabase): Promise<Record<string, unknown>> {
  const { rows } = await admin.query(
    `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace::regnamespace::text = 'trial' order by 1`,
  );
  const table = (await admin.query(`select to_regclass('trial.notes') is not null as known`)).rows[0].known;
  const ids = table ? (await admin.query('select id from trial.notes order by id')).rows : [];
  const recorded = (
    await admin.query(
      'select name, unfinished, applied_at is not null as applied from hub.migrations order by name',
    )
  ).rows;
  return { table, ids: ids.map(({ id }) => id), indexes: rows, recorded };
}

export const appliedTraces = {
  table: true,
  ids: [1, 2, 3],
  indexes: [{ name: 'notes_id', valid: true }],
  recorded: Object.keys(samples).map((name) => ({ name, unfinished: null, applied: true })),
};

export const emptyTraces = { table: false, ids: [], indexes: [], recorded: [] };
