/**
 * Tries every migration on a filled scratch database: up, down, up, then with rows of its own again. After down the
 * schema is the one before, after up the one after, and rows are what they were unless the header says that data is lost.
 */

import { bookkeepingSql } from '../bookkeeping.ts';
import { compareInventories } from '../catalog/compare.ts';
import { type Inventory, readInventory } from '../catalog/inventory.ts';
import type { Migration } from '../files.ts';
import { type AdminSession, inOwnersTransaction } from '../owner-transaction.ts';
import { migrateDown, migrateUp } from '../runner.ts';
import { changedTables, type Digests, readDigests } from './digest.ts';
import { type FillMemory, fillTables } from './fill.ts';

export type VerifiedMigration = {
  readonly name: string;
  /** What the header says; `no`: only the way up was tried. */
  readonly reversible: 'yes' | 'loses data' | 'no';
  /** Rows that were made for it. */
  readonly rows: number;
  readonly durationMs: number;
  /** Every file ran, whatever came of it. */
  readonly completed: boolean;
  /** One sentence each; none when all is well. */
  readonly faults: readonly string[];
};

export type VerifyOptions = {
  readonly onVerified?: (migration: VerifiedMigration) => void;
  /** Another view of the schema, line by line: `pg_dump -s`. */
  readonly dumpSchema?: () => Promise<readonly string[]>;
};

type Schema = { readonly inventory: Inventory; readonly dump: readonly string[] };
type State = Schema & { readonly digests: Digests };

/**
 * `session` is a superuser's, in a provisioned database that has none of the migrations. Stops at the
 * first migration that fails to run, since those behind it need it.
 */
export async function verifyMigrations(
  session: AdminSession,
  migrations: readonly Migration[],
  { onVerified = () => {}, dumpSchema = async () => [] }: VerifyOptions = {},
): Promise<VerifiedMigration[]> {
  await inOwnersTransaction(session, () => session.query(bookkeepingSql));
  const memory: FillMemory = { full: new Map(), judged: new Map() };
  const verified: VerifiedMigration[] = [];
  let schema: Schema | undefined;
  for (const migration of migrations) {
    const start = performance.now();
    const trial: Trial = new Trial(session, migration, migrations, { dumpSchema, memory, schema });
    const completed = await trial.run();
    const durationMs = Math.round(performance.now() - start);
    const { faults, rows, reversible } = trial;
    verified.push({ name: migration.name, reversible, rows, durationMs, completed, faults });
    onVerified(verified.at(-1) as VerifiedMigration);
    if (!completed) break;
    schema = trial.schema;
  }
  return verified;
}

/** One migration's way up and down. */
class Trial {
  readonly faults: string[] = [];
  readonly reversible: VerifiedMigration['reversible'];
  rows = 0;
  /** As it was last read; only migrations change it, so it is read after these only. */
  schema: Schema | undefined;
  readonly #session: AdminSession;
  readonly #migration: Migration;
  readonly #migrations: readonly Migration[];
  readonly #dumpSchema: () => Promise<readonly string[]>;
  readonly #memory: FillMemory;

  constructor(
    session: AdminSession,
    migration: Migration,
    migrations: readonly Migration[],
    {
      dumpSchema,
      memory,
      schema,
    }: Required<Pick<VerifyOptions, 'dumpSchema'>> & { memory: FillMemory; schema: Schema | undefined },
  ) {
    this.schema = schema;
    this.#session = session;
    this.#migration = migration;
    this.#migrations = migrations;
    this.#dumpSchema = dumpSchema;
    this.#memory = memory;
    this.reversible = migration.up.header.reversible;
  }

  /** Whether every file ran. */
  async run(): Promise<boolean> {
    try {
      const before = await this.#state();
      await this.#up();
      const after = await this.#state();
      await this.#backAndForth(before, after);
      this.rows += await fillTables(this.#session, this.#memory);
      await this.#backAndForth(before, await this.#state(), 'on rows made after it');
      if (this.reversible === 'loses data') this.rows += await fillTables(this.#session, this.#memory);
      return true;
    } catch (error) {
      this.faults.push((error as Error).message);
      return false;
    }
  }

  /** Down and up again from `after`, compared with `before` and `after`. */
  async #backAndForth(before: State, after: State, when?: string): Promise<void> {
    if (this.reversible === 'no') return;
    await this.#down();
    // Rows that were made since are not in `before`.
    this.#compare(
      when ? `after down ${when}` : 'after down',
      before,
      await this.#state(),
      when === undefined,
    );
    await this.#up();
    this.#compare(
      when ? `after the second up ${when}` : 'after the second up',
      after,
      await this.#state(),
      true,
    );
  }

  #compare(when: string, expected: State, found: State, rowsToo: boolean): void {
    const { name } = this.#migration;
    for (const { sentence } of compareInventories(expected.inventory, found.inventory)) {
      this.faults.push(`${when} of ${name}: ${sentence}`);
    }
    for (const line of differingLines(expected.dump, found.dump)) {
      this.faults.push(`${when} of ${name} pg_dump differs: ${line}`);
    }
    if (!rowsToo || this.reversible === 'loses data') return;
    for (const table of changedTables(expected.digests, found.digests)) {
      this.faults.push(
        `${when} of ${name} the rows of ${table} are others than before; mend it, or write \`Reversible: loses data\``,
      );
    }
  }

  async #state(): Promise<State> {
    this.schema ??= await this.#readSchema();
    return { ...this.schema, digests: await readDigests(this.#session) };
  }

  async #readSchema(): Promise<Schema> {
    // The dump is another process's, of another connection.
    const [inventory, dump] = await Promise.all([readInventory(this.#session), this.#dumpSchema()]);
    return { inventory, dump };
  }

  async #up(): Promise<void> {
    this.schema = undefined;
    await migrateUp(this.#session, { migrations: this.#migrations, to: this.#migration.name });
  }

  async #down(): Promise<void> {
    this.schema = undefined;
    await migrateDown(this.#session, { migrations: this.#migrations, steps: 1, allowDataLoss: true });
  }
}

const mostLines = 3;

function differingLines(expected: readonly string[], found: readonly string[]): string[] {
  const [wanted, live] = [new Set(expected), new Set(found)];
  const missing = expected.filter((line) => !live.has(line)).map((line) => `"${line}" is missing`);
  const extra = found.filter((line) => !wanted.has(line)).map((line) => `"${line}" is extra`);
  return [...missing, ...extra].slice(0, mostLines);
}
