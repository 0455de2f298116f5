/** Writes the migrations that lead from what all migrations make to what the models say. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { hubError } from '@quantum-hub/kernel';
import { entities as hubEntities } from '../models/index.ts';
import { makeMigratedDatabase } from '../scratch/scratch-database.ts';
import { startScratchServer, withoutMajor } from '../scratch/scratch-server.ts';
import type { Step } from '../step.ts';
import { type PlannedMigration, planChange } from './create/plan-change.ts';
import type { RenameAnswers } from './create/renames.ts';
import type { StageOptions } from './create/stages.ts';
import { slugOf, type WrittenMigration, writeMigrations } from './create/write-migrations.ts';
import { migrationsFolder, readMigrations } from './files.ts';

export type CreateOptions = RenameAnswers &
  StageOptions & {
    readonly description: string;
    /** An empty pair, for what models don't say: rights, functions, data. */
    readonly blank?: boolean;
    /** `schema.table.column=<SQL expression>`: fills a new column in the rows that a table has. */
    readonly backfills?: readonly string[];
    readonly onProgress?: (line: string) => void;
    /** Of the replay. */
    readonly onStep?: (step: Step) => void;
    /** In place of Quantum Hub's own. */
    readonly folder?: string;
    readonly entities?: readonly EntitySchema[];
    /** Of the PostgreSQL to try on. Default: that of the embedded server. */
    readonly major?: number;
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
  const { entities = hubEntities, backfills = [], onProgress = () => {}, onStep, major } = options;
  const migrations = readMigrations(folder);
  const expressions = new Map(backfills.map(backfillOf));
  onProgress('Starting a scratch server.');
  await using server = await startScratchServer({ major, otherwise: withoutMajor });
  onProgress(`Replaying ${migrations.length} migrations on PostgreSQL ${server.version}.`);
  await using scratch = await makeMigratedDatabase(server.place, { migrations, onStep });
  await scratch.leave();
  return await planChange({
    ...options,
    server: server.place,
    database: scratch.address.database,
    entities,
    backfills: expressions,
    onProgress,
  });
}

function backfillOf(text: string): [string, string] {
  const [, name, expression] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  if (name !== undefined && expression !== undefined) return [name, expression];
  throw hubError('database.backfill_column_unknown', {
    column: `"${text}"`,
    known: 'schema.table.column=<SQL expression>',
  });
}
