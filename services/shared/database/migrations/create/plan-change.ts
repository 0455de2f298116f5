/** From a database that all migrations made, and models, to the migrations that lead from the one to the other. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { HubError, hubError } from '@quantum-hub/kernel';
import { cloneDatabase, OwnerSession } from '../../scratch/scratch-database.ts';
import type { ScratchPlace } from '../../scratch/scratch-server.ts';
import type { Hazard, UpHeader } from '../header.ts';
import { type Catalog, catalogLines, readCatalog } from './catalog.ts';
import { diffCatalogs } from './diff-catalogs.ts';
import { modelsCatalog } from './models-catalog.ts';
import { renameColumn, renameParts, renameTable, type TwoWay } from './rename-sql.ts';
import {
  columnChoices,
  decideRenames,
  namedRenames,
  type Rename,
  type RenameAnswers,
  refuseUnknown,
  tableChoices,
} from './renames.ts';
import { askServer } from './server-knowledge.ts';
import { makeStages, type Stage, type StageOptions } from './stages.ts';

export type PlanOptions = RenameAnswers &
  StageOptions & {
    readonly server: ScratchPlace;
    /** A database on it that the migrations made; nobody is connected to it. It is not changed. */
    readonly database: string;
    readonly entities: readonly EntitySchema[];
    /** SQL expressions by `schema.table.column`, for new columns that are not null. */
    readonly backfills: ReadonlyMap<string, string>;
    readonly onProgress: (line: string) => void;
  };

export type PlannedMigration = {
  /** What it does, where it isn't the first of several. */
  readonly what: string | undefined;
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly transaction: UpHeader['transaction'];
  readonly hazards: readonly Hazard[];
  readonly reversible: 'yes' | 'loses data' | 'no';
  readonly breaking: string | undefined;
};

/** Nothing where the database is as the models say. Whatever it gives was tried there and back. Throws `HubError`. */
export async function planChange(options: PlanOptions): Promise<PlannedMigration[]> {
  const { server, database, entities, backfills, onProgress } = options;
  await using work = await cloneDatabase(server, database, 'work');
  await using session = await OwnerSession.open(server, work.name);
  const before = await readCatalog(session);
  onProgress('Comparing with the models.');
  const target = await modelsCatalog(session, before, entities);
  const { renames, steps, renamed } = await renameFirst(session, before, target, options);
  const knowledge = await askServer(session, renamed, target);
  const changes = diffCatalogs(renamed, target, { direction: 'up', server: knowledge, backfills });
  refuseUnknownBackfills(renamed, target, backfills);
  const stages = makeStages(renames, steps, changes, options);
  if (stages.length === 0) {
    refuseDifferences(renamed, target, { byModels: true }, 'it would not lead to what the models say');
    return [];
  }
  onProgress('Trying the way there and back.');
  const planned: PlannedMigration[] = [];
  let last = renamed;
  for (const [at, stage] of stages.entries()) {
    const isFirst = at === 0 && stage.what === undefined;
    await run(session, stage.statements.slice(isFirst ? steps.length : 0), stage.concurrent);
    const next = await readCatalog(session);
    const back = await wayBack(session, next, last, stage, isFirst ? steps : []);
    planned.push(back);
    last = next;
  }
  refuseDifferences(last, target, { byModels: true }, 'up does not lead to what the models say');
  for (const { down, transaction } of planned.toReversed()) await run(session, down, transaction === 'none');
  refuseDifferences(await readCatalog(session), before, { byModels: false }, 'down does not lead back');
  return planned;
}

type Renamed = { readonly renames: Rename[]; readonly steps: TwoWay[]; readonly renamed: Catalog };

/** Renames are done first, on the scratch database itself: what then still differs are the other changes. */
async function renameFirst(
  session: OwnerSession,
  before: Catalog,
  target: Catalog,
  answers: RenameAnswers,
): Promise<Renamed> {
  const tables = [tableChoices(before, target)];
  const namedTables = namedRenames(tables, answers.renames);
  const tableRenames = await decideRenames(tables, [...namedTables.values()], answers);
  const tableSteps = tableRenames.flatMap((rename) => renameTable(rename, before.schemas));
  await run(
    session,
    tableSteps.map(({ up }) => up),
  );
  const columns = columnChoices(await readCatalog(session), target, tableRenames);
  const namedColumns = namedRenames(
    columns,
    answers.renames.filter((text) => !namedTables.has(text)),
  );
  refuseUnknown(answers.renames, new Set([...namedTables.keys(), ...namedColumns.keys()]), [
    ...tables,
    ...columns,
  ]);
  const columnRenames = await decideRenames(columns, [...namedColumns.values()], answers);
  const columnSteps = columnRenames.map(renameColumn);
  await run(
    session,
    columnSteps.map(({ up }) => up),
  );
  const partSteps = renameParts(await readCatalog(session), target);
  await run(
    session,
    partSteps.map(({ up }) => up),
  );
  return {
    renames: [...tableRenames, ...columnRenames],
    steps: [...tableSteps, ...columnSteps, ...partSteps],
    renamed: await readCatalog(session),
  };
}

async function wayBack(
  session: OwnerSession,
  from: Catalog,
  to: Catalog,
  stage: Stage,
  steps: readonly TwoWay[],
): Promise<PlannedMigration> {
  const knowledge = await askServer(session, from, to);
  const changes = diffCatalogs(from, to, { direction: 'down', server: knowledge, backfills: new Map() });
  const sql = [...changes.map((change) => change.sql), ...steps.toReversed().map(({ down }) => down)];
  const down = stage.concurrent
    ? sql.map((text) => text.replace(/^drop index/, 'drop index concurrently'))
    : sql;
  const losesData = stage.losesData || changes.some((change) => change.losesData);
  return {
    what: stage.what,
    up: stage.statements,
    // A runner takes no empty file.
    down: down.length > 0 ? down : ["select 'the values that were filled in stay' as note"],
    transaction: stage.concurrent ? 'none' : 'one',
    hazards: stage.hazards,
    reversible: changes.some(({ needsEmptyTable }) => needsEmptyTable)
      ? 'no'
      : losesData
        ? 'loses data'
        : 'yes',
    breaking: stage.breaking.length > 0 ? [...new Set(stage.breaking)].join('; ') : undefined,
  };
}

async function run(session: OwnerSession, statements: readonly string[], concurrent = false): Promise<void> {
  for (const [at, sql] of statements.entries()) {
    try {
      // Those of one migration share its transaction; the first opens it, the last closes it.
      if (!concurrent && at === 0) await session.query('begin');
      await session.query(sql);
    } catch (error) {
      if (error instanceof HubError) throw error;
      const reason = `\`${sql}\` failed with: ${(error as Error).message}`;
      await session.query('rollback');
      throw hubError('database.migration_not_generated', { reason }, { cause: error });
    }
  }
  if (!concurrent && statements.length > 0) await session.query('commit');
}

function refuseDifferences(
  is: Catalog,
  should: Catalog,
  by: { readonly byModels: boolean },
  what: string,
): void {
  const [a, b] = [new Set(catalogLines(is, by)), new Set(catalogLines(should, by))];
  const lines = [
    ...[...a].filter((line) => !b.has(line)).map((line) => `+ ${line}`),
    ...[...b].filter((line) => !a.has(line)).map((line) => `- ${line}`),
  ];
  if (lines.length === 0) return;
  const shown = lines.slice(0, 5).join('; ');
  throw hubError('database.migration_not_generated', { reason: `${what}: ${shown}` });
}

function refuseUnknownBackfills(from: Catalog, to: Catalog, backfills: ReadonlyMap<string, string>): void {
  const known = [...to.tables.values()].flatMap((table) =>
    [...table.columns.values()]
      .filter(({ name, notNull, default: value }) => {
        const columns = from.tables.get(table.key)?.columns;
        return columns !== undefined && !columns.has(name) && notNull && value === null;
      })
      .map(({ name }) => `${table.key}.${name}`),
  );
  const unknown = [...backfills.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw hubError('database.backfill_column_unknown', { column: unknown, known: known.join(', ') || 'none' });
}
