/** From a database that all migrations made, and models, to the migrations that lead from the one to the other. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { HubError, hubError } from '@quantum-hub/kernel';
import { cloneDatabase, OwnerSession } from '../../scratch/scratch-database.ts';
import type { ScratchPlace } from '../../scratch/scratch-server.ts';
import { compareInventories, type Difference } from '../catalog/compare.ts';
import { type Inventory, readObjects } from '../catalog/inventory.ts';
import type { Hazard } from '../hazards.ts';
import type { UpHeader } from '../header.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { diffCatalogs } from './diff-catalogs.ts';
import { mendings } from './mend.ts';
import { targetOf } from './model-target.ts';
import { modelsCatalog } from './models-catalog.ts';
import { renameParts } from './rename-parts.ts';
import { renameColumns, renameTables, type TwoWay } from './rename-sql.ts';
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
  const models = await modelsCatalog(session, before, entities);
  const { renames, steps, renamed } = await renameFirst(session, before, models, options);
  const target = targetOf(renamed, models);
  const knowledge = await askServer(session, renamed, target);
  const changes = diffCatalogs(renamed, target, { direction: 'up', server: knowledge, backfills });
  refuseUnknownBackfills(renamed, target, backfills);
  const stages = makeStages(renames, steps, changes, options);
  onProgress('Trying the way there and back.');
  const tried = await goUp(session, stages, steps, { before, renamed, target });
  refuseDifferences(await readObjects(session), target.inventory, 'up does not lead to what the models say');
  return await goDown(session, tried, before);
}

type Tried = {
  readonly stage: Stage;
  readonly down: WayBack;
  /** What was there before it. */
  readonly before: Inventory;
};

/** Runs each stage, with what brings back what it took along, and plans the way back from what it really made. */
async function goUp(
  session: OwnerSession,
  stages: readonly Stage[],
  steps: readonly TwoWay[],
  { before, renamed, target }: { before: Catalog; renamed: Catalog; target: Catalog },
): Promise<Tried[]> {
  const tried: Tried[] = [];
  let last = renamed;
  for (const [at, stage] of [...stages, mendingStage].entries()) {
    const isFirst = at === 0 && stage.what === undefined;
    await run(session, stage.statements.slice(isFirst ? waysOf(steps, 'up').length : 0), stage.concurrent);
    const mended = stage.concurrent ? [] : await mend(session, target.inventory);
    const whole = { ...stage, statements: [...stage.statements, ...mended] };
    if (whole.statements.length === 0) continue;
    const next = await readCatalog(session);
    tried.push({
      stage: tried.length === 0 ? { ...whole, what: undefined } : whole,
      down: await wayBack(session, next, last, whole, isFirst ? steps : []),
      before: isFirst ? before.inventory : last.inventory,
    });
    last = next;
  }
  return tried;
}

/** Where the last of the others runs outside a transaction; and for what models alone say, such as a view. */
const mendingStage: Stage = {
  what: 'Bring back what stood on it',
  statements: [],
  concurrent: false,
  hazards: [],
  breaking: [],
  losesData: false,
};

async function goDown(
  session: OwnerSession,
  tried: readonly Tried[],
  before: Catalog,
): Promise<PlannedMigration[]> {
  const planned: PlannedMigration[] = [];
  for (const { stage, down, before: target } of tried.toReversed()) {
    await run(session, down.sql, stage.concurrent);
    const mended = stage.concurrent ? [] : await mend(session, target);
    planned.unshift(plannedOf(stage, { ...down, sql: [...down.sql, ...mended] }));
  }
  refuseDifferences(await readObjects(session), before.inventory, 'down does not lead back');
  return planned;
}

const mostMendings = 4;

/** Runs and gives what leads to `target` but was nobody's change. What comes back in one round may want another. */
async function mend(session: OwnerSession, target: Inventory): Promise<string[]> {
  const done: string[] = [];
  for (let round = 0; round < mostMendings; round += 1) {
    const statements = mendings(target, await readObjects(session)).filter((sql) => !done.includes(sql));
    if (statements.length === 0) break;
    await run(session, statements);
    done.push(...statements);
  }
  return done;
}

type Renamed = { readonly renames: Rename[]; readonly steps: TwoWay[]; readonly renamed: Catalog };

/** Renames are done first, on the scratch database itself: what then still differs are the other changes. */
async function renameFirst(
  session: OwnerSession,
  before: Catalog,
  models: Catalog,
  answers: RenameAnswers,
): Promise<Renamed> {
  const tables = [tableChoices(before, models)];
  const namedTables = namedRenames(tables, answers.renames);
  const tableRenames = await decideRenames(tables, [...namedTables.values()], answers);
  const tableSteps = renameTables(tableRenames, before);
  await run(session, waysOf(tableSteps, 'up'));
  const withTables = await readCatalog(session);
  const columns = columnChoices(withTables, models, tableRenames);
  const namedColumns = namedRenames(
    columns,
    answers.renames.filter((text) => !namedTables.has(text)),
  );
  refuseUnknown(answers.renames, new Set([...namedTables.keys(), ...namedColumns.keys()]), [
    ...tables,
    ...columns,
  ]);
  const columnRenames = await decideRenames(columns, [...namedColumns.values()], answers);
  const columnSteps = renameColumns(columnRenames, withTables);
  await run(session, waysOf(columnSteps, 'up'));
  const partSteps = renameParts(await readCatalog(session), models);
  await run(session, waysOf(partSteps, 'up'));
  return {
    renames: [...tableRenames, ...columnRenames],
    steps: [...tableSteps, ...columnSteps, ...partSteps],
    renamed: await readCatalog(session),
  };
}

type WayBack = {
  readonly sql: readonly string[];
  readonly losesData: boolean;
  readonly needsEmptyTable: boolean;
};

async function wayBack(
  session: OwnerSession,
  from: Catalog,
  to: Catalog,
  { concurrent }: Stage,
  steps: readonly TwoWay[],
): Promise<WayBack> {
  const knowledge = await askServer(session, from, to);
  const changes = diffCatalogs(from, to, { direction: 'down', server: knowledge, backfills: new Map() });
  const sql = [
    ...changes.flatMap(({ remark, sql }) => (remark ? [`-- ${remark}`, sql] : [sql])),
    ...waysOf(steps.toReversed(), 'down'),
  ];
  return {
    sql: concurrent
      ? sql.map((text) => text.replace(/^(drop|create|create unique) index/, '$& concurrently'))
      : sql,
    losesData: changes.some((change) => change.losesData),
    needsEmptyTable: changes.some(({ needsEmptyTable }) => needsEmptyTable),
  };
}

function plannedOf(stage: Stage, { sql, losesData, needsEmptyTable }: WayBack): PlannedMigration {
  return {
    what: stage.what,
    up: stage.statements,
    // A runner takes no empty file.
    down: sql.length > 0 ? sql : ["select 'the values that were filled in stay' as note"],
    transaction: stage.concurrent ? 'none' : 'one',
    hazards: stage.hazards,
    reversible: needsEmptyTable ? 'no' : stage.losesData || losesData ? 'loses data' : 'yes',
    breaking: stage.breaking.length > 0 ? [...new Set(stage.breaking)].join('; ') : undefined,
  };
}

function waysOf(steps: readonly TwoWay[], way: 'up' | 'down'): string[] {
  return steps.map((step) => step[way]).filter((sql) => sql !== '');
}

async function run(session: OwnerSession, statements: readonly string[], concurrent = false): Promise<void> {
  for (const [at, sql] of statements.entries()) {
    try {
      // Those of one migration share its transaction; the first opens it, the last closes it.
      if (!concurrent && at === 0) await session.query('begin');
      await session.query(sql);
    } catch (error) {
      if (error instanceof HubError) throw error;
      const { message, detail } = error as { message: string; detail?: string };
      const reason = `\`${sql}\` failed with: ${[message, detail].filter(Boolean).join('; ')}`;
      await session.query('rollback');
      throw hubError('database.migration_not_generated', { reason }, { cause: error });
    }
  }
  if (!concurrent && statements.length > 0) await session.query('commit');
}

function refuseDifferences(found: Inventory, expected: Inventory, what: string): void {
  // The columns of a view follow those that it reads.
  const isDerived = ({ object, fact }: Difference) =>
    ['type', 'collation'].includes(fact ?? '') &&
    /^(materialized )?view /.test(expected.get(object)?.parent ?? '');
  const sentences = compareInventories(expected, found)
    .filter((difference) => !isDerived(difference))
    .map(({ sentence }) => sentence);
  if (sentences.length === 0) return;
  throw hubError('database.migration_not_generated', {
    reason: `${what}: ${sentences.slice(0, 5).join('; ')}`,
  });
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
