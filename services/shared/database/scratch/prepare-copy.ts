/** Copies of databases on a scratch server, on which migrations are tried before they run for real. */
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { loadCopy } from '../backup/restore/load-copy.ts';
import type { RestoreSource } from '../backup/restore/restore-backup.ts';
import type { RecordedMigration } from '../migrations/bookkeeping.ts';
import { type Migration, readMigrations } from '../migrations/files.ts';
import { historyOf } from '../migrations/history.ts';
import { type MigrateOptions, migrateUp } from '../migrations/runner.ts';
import { provision } from '../provision/index.ts';
import { type Administrator, enterAs, joinRoles } from './copied-administrator.ts';
import { restoreSchema } from './restore-schema.ts';
import { ScratchDatabase } from './scratch-database.ts';
import { type ScratchServer, type ScratchServerNeeds, startScratchServer } from './scratch-server.ts';

/** The database that is copied, as it was found. */
export type CopyTarget = {
  /** Its name, which the copy has too. */
  readonly database: string;
  readonly major: number;
  /** The login that provisioning makes. */
  readonly applicationLogin: string;
  /** Who migrates it. */
  readonly administrator: Administrator;
  /** The migrations that it has had. */
  readonly recorded: readonly RecordedMigration[];
};

/** What the copy is made from. */
export type CopySource =
  | {
      readonly kind: 'schema';
      /** What `pg_dump -s` wrote. */
      readonly dump: string;
      /** Statements that make the roles which it names. */
      readonly roles: readonly string[];
    }
  /** The files of the migrations that it has had: what was done to it by hand is not in the copy. */
  | { readonly kind: 'replay' }
  /** With its rows, and the migrations that it had had. */
  | { readonly kind: 'backup'; readonly from: RestoreSource };

export type CopyOptions = Pick<ScratchServerNeeds, 'otherwise' | 'onProgress'> & {
  readonly migrations?: readonly Migration[];
  /** Of a replay. */
  readonly onStep?: MigrateOptions['onStep'];
};

/** A provisioned copy; it goes with its server when disposed of. */
export class ScratchCopy implements AsyncDisposable {
  readonly server: ScratchServer;
  /** Of a login that may do here what the administrator may do there. */
  readonly session: Client;
  readonly #database: ScratchDatabase;

  constructor(server: ScratchServer, database: ScratchDatabase, session: Client) {
    this.server = server;
    this.session = session;
    this.#database = database;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.end();
    await this.#database.leave();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Nothing is asked of the database itself any more. Throws `database.scratch_major_missing`, `database.scratch_copy_failed`. */
export async function prepareScratchCopy(
  target: CopyTarget,
  source: CopySource,
  { migrations = readMigrations(), otherwise, onProgress, onStep }: CopyOptions = {},
): Promise<ScratchCopy> {
  const { database: name, major, applicationLogin, administrator, recorded } = target;
  await using whole = new AsyncDisposableStack();
  const server = whole.use(await startScratchServer({ major, otherwise, onProgress }));
  const database = await ScratchDatabase.make(server.place, isTaken(name) ? `${name}_copy` : name);
  whole.defer(() => database.leave());
  const { session } = database;
  const login = { name: applicationLogin, password: randomUUID() };
  const prepare = (by: Client) =>
    provision(by, { database: database.address.database, applicationLogin: login });
  if (source.kind === 'schema') {
    for (const sql of source.roles) await session.query(sql);
    await restoreSchema(database, source.dump, server.version);
    for (const row of recorded) await record(database, row);
  }
  if (source.kind === 'backup') {
    // The dump grants rights to roles that provisioning makes, and brings rights of its own, on which it has the last word.
    await prepare(session);
    await loadCopy(source.from, database.address, server.version);
  }
  const entered = await enterAs(database, administrator);
  whole.defer(() => entered.end());
  // A server without the hub's roles gets them from its administrator.
  const isNew = source.kind === 'replay' && !administrator.hasRoles;
  await prepare(isNew ? entered : session);
  if (!isNew) await joinRoles(database, administrator);
  const last = historyOf(migrations, recorded).applied.at(-1);
  if (source.kind === 'replay' && last) await migrateUp(session, { migrations, to: last.name, onStep });
  whole.move();
  return new ScratchCopy(server, database, entered);
}

/** Every server has these. */
function isTaken(name: string): boolean {
  return ['postgres', 'template0', 'template1'].includes(name);
}

/** A dump of the schema has no rows, and the runner goes by these. */
async function record({ session }: ScratchDatabase, row: RecordedMigration): Promise<void> {
  const { name, sha256, appliedAt, durationMs, unfinished } = row;
  await session.query(
    'insert into hub.migrations (name, sha256, applied_at, duration_ms, unfinished) values ($1, $2, $3, $4, $5)',
    [name, sha256, appliedAt, durationMs, unfinished],
  );
}
