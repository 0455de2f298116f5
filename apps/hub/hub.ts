import { constraintCodes, type Database, openDatabase, ormOptions } from '@quantum-hub/database';
import {
  backupStatusAt,
  createPartitionsAt,
  type DatabaseConfig,
  type DatabasePlace,
  hubPurpose,
  openPlace,
  type PreparedPlace,
  preparePlace,
  readUpkeepSettings,
  runBackupTurnAt,
  serviceNames,
} from '@quantum-hub/database/admin';
import { keepBackupSchedule } from './backup-schedule.ts';
import { keepPartitionsAhead } from './partition-upkeep.ts';

const service = 'hub';

/** A hub that is up: its database is prepared and open for units of work. */
export class Hub implements AsyncDisposable {
  readonly place: DatabasePlace;
  readonly prepared: PreparedPlace;
  readonly #database: Database;
  readonly #upkeep: AsyncDisposable;
  #closed: Promise<{ stopped: boolean }> | undefined;

  constructor(place: DatabasePlace, prepared: PreparedPlace, database: Database, upkeep: AsyncDisposable) {
    this.place = place;
    this.#upkeep = upkeep;
    this.prepared = prepared;
    this.#database = database;
  }

  /** Lets units of work finish, closes the connections, and gives the server back last; `stopped`: it went down with us. */
  close(): Promise<{ stopped: boolean }> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<{ stopped: boolean }> {
    await this.#upkeep[Symbol.asyncDispose]();
    await this.#database.close();
    return await this.place.close();
  }
}

/** Finds or starts the server, prepares the database and opens it. What was begun is taken back when a step fails. */
export async function startHub(config: DatabaseConfig, onProgress: (line: string) => void): Promise<Hub> {
  const backups = readUpkeepSettings();
  await using undo = new AsyncDisposableStack();
  const place = undo.use(await openPlace(config, { purpose: hubPurpose, onProgress }));
  const prepared = await preparePlace(place, service, onProgress);
  const database = await openDatabase({
    connection: place.application,
    service,
    orm: ormOptions,
    constraintCodes,
    pool: { max: config.poolMax, connectTimeoutMs: config.connectTimeoutMs },
    prepared: config.prepared,
    slowStatements: {
      thresholdMs: config.slowStatementMs,
      log: ({ sql, durationMs, role }) => onProgress(`slow: ${durationMs.toFixed(0)} ms as ${role}: ${sql}`),
    },
    roles: [...serviceNames, 'worker'],
  });
  undo.move();
  const upkeep = new AsyncDisposableStack();
  upkeep.use(keepPartitionsAhead({ create: () => createPartitionsAt(place, service), log: onProgress }));
  const { schedule, figures } = backups;
  if (schedule || figures) upkeep.use(scheduleBackups(place, schedule, onProgress));
  return new Hub(place, prepared, database, upkeep);
}

function scheduleBackups(
  place: DatabasePlace,
  schedule: string | undefined,
  log: (line: string) => void,
): AsyncDisposable {
  return keepBackupSchedule({
    schedule,
    turn: async (signal) =>
      schedule ? await runBackupTurnAt(place, { schedule, signal, log }) : { outcome: 'not due' },
    look: () => backupStatusAt(place.config),
    log,
  });
}
