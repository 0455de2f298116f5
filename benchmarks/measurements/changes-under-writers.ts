import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectAdmin,
  createMigration,
  migrateUp,
  migrationsFolder,
  readMigrations,
  runBackfill,
} from '@quantum-hub/database/admin';
import { entities } from '@quantum-hub/database/models';
import { createEmptyDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import type { Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { type Seen, Writers } from '../hub/writers.ts';
import {
  type Asked,
  readingModels,
  type TableChange,
  table,
  tableChanges,
} from '../operations/table-changes.ts';

const writerCount = 4;
/** The longest that a writer may wait for anything that is done the safe way. */
const aimMs = 100;
const kinds = 1000;

/** A database with a large table, and a folder of migrations of its own that grows. */
interface Site {
  readonly database: TestDatabase;
  readonly folder: string;
}

/** Adds to the models what `asked` says, has the tool write the safe form, and gives what applies it. */
async function generate({ folder, database }: Site, description: string, asked: Asked) {
  await createMigration({
    description,
    folder,
    entities: [...entities, ...readingModels(asked)],
    renames: [],
    noRename: true,
    allow: [],
    safe: true,
  });
  const migrations = readMigrations(folder);
  return () => migrateUp(database.admin, { migrations });
}

async function fill({ database: { admin } }: Site, rows: number): Promise<void> {
  await admin.query(`insert into development.sources select n from generate_series(0, $1 - 1) n`, [kinds]);
  await admin.query(
    `insert into ${table} (id, kind, value, source_id) select n, n % $2, n, n % $2 from generate_series(1, $1) n`,
    [rows, kinds],
  );
  await admin.query(
    `grant select, update on ${table} to qhub_maintenance; grant usage on schema development to qhub_maintenance`,
  );
  await admin.query(`vacuum analyze ${table}`);
}

async function safely(
  site: Site,
  writers: Writers,
  { title, steps, backfill }: TableChange,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const [number, asked] of steps.entries()) {
    const up = await generate(site, `Add ${title} ${number + 1}`, asked);
    seen.push(await writers.during(up));
    if (number > 0 || backfill === undefined) continue;
    const connect = () => connectAdmin(site.database.administrator, { service: 'benchmarks' });
    const definition = { name: title, table, key: 'id', ...backfill };
    seen.push(await writers.during(() => runBackfill(connect, definition)));
  }
  return seen;
}

function row(name: string, seen: Seen, base: Seen) {
  const ratio = seen.perSecond / base.perSecond;
  return { name, ratio, quartiles: [ratio, ratio] as const, ...seen };
}

async function compareOne(site: Site, writers: Writers, change: TableChange): Promise<Comparison> {
  const { admin } = site.database;
  const naive = await writers.during(() => admin.query(change.naive));
  await admin.query(change.undoNaive);
  await admin.query(`vacuum analyze ${table}`);
  const names =
    change.steps.length === 1
      ? ['create --safe, up']
      : ['column: create --safe, up', 'backfill', 'not null: create --safe, up'];
  const safe = await safely(site, writers, change);
  const longest = Math.max(...safe.map(({ longestMs }) => longestMs));
  const plan: Plan = { rounds: 1, roundMs: 1, concurrency: writerCount };
  return {
    title: `writers while ${change.title} is added`,
    plan,
    rows: [row('one statement', naive, naive), ...safe.map((seen, at) => row(names[at] ?? '', seen, naive))],
    aims: [{ what: 'longest wait of a writer in ms, the safe form', value: longest, atMost: aimMs }],
  };
}

/**
 * Adds an index, a check, a foreign key and a column that is not null to a table of so many rows while writers change rows
 * of it: in one statement, as somebody in a hurry would, and as `create --safe` writes it and `up` and `backfill` run it.
 */
export async function changesUnderWriters(
  rows: number,
  onProgress: (line: string) => void,
): Promise<Comparison[]> {
  await using database = await createEmptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'qhub-bench-'));
  const site: Site = { database, folder };
  try {
    cpSync(join(migrationsFolder, 'versions'), join(folder, 'versions'), { recursive: true });
    cpSync(join(migrationsFolder, 'ORDER'), join(folder, 'ORDER'));
    await (await generate(site, 'Add readings', {}))();
    onProgress(`filling a table with ${rows.toLocaleString('en')} rows`);
    await fill(site, rows);
    await using writers = await Writers.start(writerCount, database.administrator, (client) =>
      client.query({
        name: 'write',
        text: `update ${table} set value = value + 1 where id = $1`,
        values: [1 + Math.floor(Math.random() * rows)],
      }),
    );
    const comparisons: Comparison[] = [];
    for (const change of tableChanges) {
      onProgress(`adding ${change.title} while ${writerCount} sessions write`);
      comparisons.push(await compareOne(site, writers, change));
    }
    return comparisons;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
