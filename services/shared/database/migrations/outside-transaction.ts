/** Runs the one statement of a migration without transaction, so that a crash at any moment is found and made good. */
import { setTimeout as delay } from 'node:timers/promises';
import { HubError, hubError } from '@quantum-hub/kernel';
import { BlockerWatch } from './blockers.ts';
import { type Direction, recordBegun, recordFailed } from './bookkeeping.ts';
import { migrationFailed } from './execute.ts';
import type { Migration } from './files.ts';
import { type Found, type LoneStatement, loneStatement } from './lone-statement.ts';
import type { AdminSession } from './owner-transaction.ts';
import { becomeOwner, openSideConnection, type SideConnection } from './side-connection.ts';
import type { Statement } from './statements.ts';

export type LoneRun = {
  readonly migration: Migration;
  readonly direction: Direction;
  /** An earlier runner began it and did not say that it finished. */
  readonly begunBefore: boolean;
  readonly watchEveryMs: number;
  readonly onProgress: (line: string) => void;
};

/**
 * The statement runs on a connection of its own while `session` holds the runners' lock in an open, idle transaction
 * (idle, so that the statement need not wait for its snapshot). Before it `hub.migrations` says that it has begun; the
 * caller, who records that it is done, does so in that transaction.
 */
export async function runOutsideTransaction(session: AdminSession, run: LoneRun): Promise<void> {
  const { migration, direction, onProgress } = run;
  const statement = migration[direction].statements[0] as Statement;
  const lone = loneStatement(statement.text);
  const tag = `/* quantum-hub migration ${migration.name} ${direction} */`;
  await using side = await openSideConnection(session);
  const waitsForOrphan = () =>
    onProgress(`${migration.name}: the statement of a runner that died still runs; waiting for it.`);
  await orphanEnded(side, tag, waitsForOrphan);
  await becomeOwner(side, waitsForOrphan);
  if (await madeGood(side, lone, run)) return;
  await recordBegun(side, migration, direction);
  await using _watch = new BlockerWatch(
    session,
    { tag },
    {
      everyMs: run.watchEveryMs,
      onBlocked: (blockers) => onProgress(`${migration.name} waits for ${blockers}`),
    },
  );
  try {
    await side.query(`${tag} ${statement.text}`);
  } catch (error) {
    throw await cleanedUp(side, lone, run, error);
  }
}

/** True where nothing is left to do. What is half there is repaired first, whoever left it. */
async function madeGood(side: SideConnection, lone: LoneStatement, run: LoneRun): Promise<boolean> {
  const { migration, begunBefore, onProgress } = run;
  let found = await lone.look(side);
  if (found === 'half') {
    onProgress(`${migration.name}: an earlier run was cut off half-way; making it good.`);
    await lone.repair(side);
    found = await lone.look(side);
  }
  if (!begunBefore) return false;
  if (found === 'unknown') throw hubError('database.migration_unfinished', { migration: migration.name });
  if (found === 'done') onProgress(`${migration.name}: an earlier run was cut off after its statement.`);
  return found === 'done';
}

/**
 * Behind a pooler a dead runner's backend is known by the comment that its statement begins with only. The login sees
 * the statements of its own sessions, which the owner would not.
 */
async function orphanEnded(side: SideConnection, tag: string, onWait: () => void): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { rows } = await side.query(
      `select from pg_stat_activity
        where state = 'active' and datname = current_database() and starts_with(query, $1) and pid <> pg_backend_pid()`,
      [tag],
    );
    if (rows.length === 0) return;
    if (attempt === 1) onWait();
    await delay(Math.min(1000, 50 * attempt));
  }
}

/** A statement that failed may leave a half; where even that cannot be taken away, the next run does it. */
async function cleanedUp(
  side: SideConnection,
  lone: LoneStatement,
  { migration, direction }: LoneRun,
  error: unknown,
): Promise<unknown> {
  if (error instanceof HubError) return error;
  const file = migration[direction];
  let outcome = 'what it left was taken away';
  try {
    const found: Found = await lone.look(side);
    if (found === 'half') await lone.repair(side);
    await recordFailed(side, migration.name);
  } catch {
    outcome = 'the next run finds what it left';
  }
  const place = { migration: migration.name, file };
  return migrationFailed(place, file.statements[0] as Statement, { number: 1, outcome, error });
}
