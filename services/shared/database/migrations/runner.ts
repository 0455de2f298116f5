/** Applies migrations and takes them back, one at a time whoever runs them, each whole or not at all. */
import { setTimeout as delay } from 'node:timers/promises';
import { HubError, hubError } from '@quantum-hub/kernel';
import type { Step as Progress } from '../step.ts';
import { BlockerWatch } from './blockers.ts';
import {
  bookkeepingSql,
  type Direction,
  forget,
  hasBookkeeping,
  lookUpRecorded,
  readRecorded,
  recordApplied,
} from './bookkeeping.ts';
import { executeStatements, sqlStateOf } from './execute.ts';
import { type Migration, readMigrations } from './files.ts';
import { type History, historyOf } from './history.ts';
import { runOutsideTransaction } from './outside-transaction.ts';
import { type AdminSession, inOwnersTransaction } from './owner-transaction.ts';
import { downTargets, type Range, upTargets } from './targets.ts';

export type MigrateOptions = Range & {
  /** In place of those of this code. */
  readonly migrations?: readonly Migration[];
  readonly onApplied?: (name: string, durationMs: number) => void;
  /** Before the first migration and after each. */
  readonly onStep?: (progress: Progress) => void;
  /** In the transaction of a migration, when its statements have run. */
  readonly beforeCommit?: (migration: Migration) => Promise<void>;
  /** Sentences: who is waited for, what is tried again. */
  readonly onProgress?: (line: string) => void;
  /** How long a statement may wait for a lock, while others queue up behind it. Default 5 s. */
  readonly lockTimeoutMs?: number;
  /** How often a migration that did not get its locks is tried. Default 10. */
  readonly lockAttempts?: number;
  /** The longest pause after the first attempt; it doubles with each, up to 30 s. Default 1 s. */
  readonly lockPauseMs?: number;
};

type Run = Required<Omit<MigrateOptions, keyof Range | 'onApplied' | 'onStep'>> & {
  readonly session: AdminSession;
  readonly direction: Direction;
  readonly targets: ReadonlySet<string>;
};

/** The migrations of the code that a database has not had. Throws where files and database do not fit together. */
export async function pendingMigrations(
  session: AdminSession,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly Migration[]> {
  return historyOf(migrations, await lookUpRecorded(session)).pending;
}

/** Applies what is pending, in order, and gives the names applied here. Safe to run twice, also at once. */
export async function migrateUp(session: AdminSession, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = options.migrations ?? readMigrations();
  const history = historyOf(migrations, await lookUpRecorded(session));
  refuseUnfinished(history, 'up');
  const targets = upTargets(migrations, history, options);
  if (targets.length === 0) return [];
  await refuseReadOnly(session);
  if (!(await hasBookkeeping(session))) {
    await inOwnersTransaction(session, () => session.query(bookkeepingSql));
  }
  return await runAll(session, 'up', migrations, targets, options);
}

/**
 * Takes back applied migrations, newest first: `steps` of them, those after `to`, or all. Throws
 * `database.migration_loses_data` before the first one where rows would be lost and `allowDataLoss` is not given.
 */
export async function migrateDown(
  session: AdminSession,
  options: MigrateOptions & { readonly allowDataLoss?: boolean } = {},
): Promise<string[]> {
  const migrations = options.migrations ?? readMigrations();
  const history = historyOf(migrations, await lookUpRecorded(session));
  refuseUnfinished(history, 'down');
  const targets = downTargets(migrations, history, options);
  if (targets.length > 0) await refuseReadOnly(session);
  return await runAll(session, 'down', migrations, targets, options);
}

/** A standby, and a login or a database that may only read: before anything is begun. */
async function refuseReadOnly(session: AdminSession): Promise<void> {
  const { rows } = await session.query(
    `select pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as closed`,
  );
  if (rows[0]?.closed === true) throw hubError('database.read_only');
}

async function runAll(
  session: AdminSession,
  direction: Direction,
  migrations: readonly Migration[],
  targets: readonly Migration[],
  options: MigrateOptions,
): Promise<string[]> {
  const { onApplied = () => {}, onProgress = () => {}, onStep = () => {} } = options;
  const { lockTimeoutMs = 5000, lockAttempts = 10, lockPauseMs = 1000 } = options;
  const run: Run = {
    session,
    direction,
    migrations,
    targets: new Set(targets.map(({ name }) => name)),
    onProgress,
    beforeCommit: options.beforeCommit ?? (async () => {}),
    lockTimeoutMs,
    lockAttempts,
    lockPauseMs,
  };
  const done: string[] = [];
  const tell = () =>
    onStep({ done: done.length, total: targets.length, next: targets[done.length]?.name ?? '' });
  tell();
  for (let step = await oneStep(run); step; step = await oneStep(run)) {
    done.push(step.name);
    onApplied(step.name, step.durationMs);
    tell();
  }
  return done;
}

/** lock_timeout, and a deadlock. */
const lockErrors = ['55P03', '40P01'];

type Step = { readonly name: string; readonly durationMs: number };

/** Does the next of the targets that nobody else has done; a lock that does not come is asked for again later. */
async function oneStep(run: Run): Promise<Step | undefined> {
  const { lockTimeoutMs, lockAttempts, lockPauseMs, onProgress, session } = run;
  let blockedBy: string | undefined;
  const onBlocked = (blockers: string) => {
    blockedBy = blockers;
  };
  const onWait = () => onProgress('Another runner is at work; waiting for it.');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inOwnersTransaction(session, () => doNext(run, onBlocked), { lockTimeoutMs, onWait });
    } catch (error) {
      const { migration } = (error as HubError).params ?? {};
      if (!lockErrors.includes(sqlStateOf(error) ?? '') || !(error instanceof HubError)) throw error;
      if (attempt >= lockAttempts) {
        const params = { migration: String(migration), lockTimeoutMs, attempts: attempt, blockedBy };
        throw hubError('database.migration_lock_timeout', params, { cause: error });
      }
      const pauseMs = Math.round(
        Math.min(30_000, lockPauseMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2),
      );
      onProgress(
        `${migration} got no lock within ${lockTimeoutMs} ms${blockedBy ? `, because of ${blockedBy}` : ''}; ` +
          `attempt ${attempt + 1} of ${lockAttempts} follows in ${pauseMs} ms.`,
      );
      await delay(pauseMs);
    }
  }
}

/** In the owner's transaction, under the runners' lock. */
async function doNext(run: Run, onBlocked: (blockers: string) => void): Promise<Step | undefined> {
  const { session, direction, targets } = run;
  const history = historyOf(run.migrations, await readRecorded(session));
  refuseUnfinished(history, direction);
  const migration = direction === 'up' ? history.pending[0] : history.applied.at(-1);
  if (migration === undefined || !targets.has(migration.name)) return undefined;
  const start = performance.now();
  if (migration[direction].header.transaction === 'none') {
    const { onProgress } = run;
    const begunBefore = history.unfinished !== undefined;
    await runOutsideTransaction(session, {
      migration,
      direction,
      begunBefore,
      watchEveryMs: 1000,
      onProgress,
    });
  } else {
    await runInTransaction(run, migration, onBlocked);
  }
  const durationMs = Math.round(performance.now() - start);
  await run.beforeCommit(migration);
  if (direction === 'up') await recordApplied(session, migration, durationMs);
  else await forget(session, migration.name);
  return { name: migration.name, durationMs };
}

async function runInTransaction(
  { session, direction, lockTimeoutMs, onProgress }: Run,
  migration: Migration,
  onBlocked: (blockers: string) => void,
): Promise<void> {
  const { rows } = await session.query('select pg_backend_pid() as pid');
  await using _watch = new BlockerWatch(
    session,
    { pid: Number(rows[0]?.pid) },
    {
      everyMs: Math.min(1000, lockTimeoutMs / 2),
      onBlocked: (blockers) => {
        onBlocked(blockers);
        onProgress(`${migration.name} waits for ${blockers}`);
      },
    },
  );
  await executeStatements(session, migration.name, migration[direction]);
}

/** What was begun in one direction is finished in that direction first. */
function refuseUnfinished({ unfinished }: History, direction: Direction): void {
  if (unfinished === undefined || unfinished.direction === direction) return;
  const { migration } = unfinished;
  throw hubError('database.migration_unfinished', {
    migration: migration.name,
    resume: unfinished.direction,
  });
}
