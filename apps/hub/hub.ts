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
import type { AdministratorKey } from '@quantum-hub/identity';
import { type Api, limiterOf, startApi } from './api.ts';
import { keepBackupSchedule } from './backup-schedule.ts';
import type { HubArguments } from './command-line.ts';
import { compose } from './compose.ts';
import type { Log, Say } from './log.ts';
import { keepPartitionsAhead } from './partition-upkeep.ts';
import { homeSecretKey } from './secret-key-file.ts';
import type { HubSettings } from './settings.ts';

const service = 'hub';

export interface HubOptions {
  readonly config: DatabaseConfig;
  readonly settings: HubSettings;
  readonly args: HubArguments;
  readonly log: Log;
  /** What is done until the hub is up, and what goes on in it that is no request: sentences. */
  readonly say: Say;
}

/** A hub that is up: its database is prepared and open, its parts run, its server listens. */
export class Hub implements AsyncDisposable {
  readonly place: DatabasePlace;
  readonly prepared: PreparedPlace;
  /** Where the server listens; undefined for a worker or scheduler without a port. */
  readonly url: string | undefined;
  /** Made at this start, the first one; its key is shown once. */
  readonly administrator: AdministratorKey | undefined;
  readonly #parts: AsyncDisposable;
  #closed: Promise<{ stopped: boolean }> | undefined;

  constructor(
    { place, prepared, url, administrator }: Pick<Hub, 'place' | 'prepared' | 'url' | 'administrator'>,
    parts: AsyncDisposable,
  ) {
    this.place = place;
    this.prepared = prepared;
    this.url = url;
    this.administrator = administrator;
    this.#parts = parts;
  }

  /**
   * Answers what was asked, lets jobs and units of work finish, closes the connections, and gives the server of the
   * database back last; `stopped`: it went down with us.
   */
  close(): Promise<{ stopped: boolean }> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<{ stopped: boolean }> {
    await this.#parts[Symbol.asyncDispose]();
    return await this.place.close();
  }
}

/** Finds or starts the server, prepares the database and starts the parts. What was begun is taken back when a step fails. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { config, say } = options;
  const backups = readUpkeepSettings();
  await using undo = new AsyncDisposableStack();
  const place = undo.use(await openPlace(config, { purpose: hubPurpose, onProgress: say }));
  const prepared = await preparePlace(place, service, say);
  // Stopped in the opposite order: the server first, then what it uses, the connections last.
  const parts = undo.use(new AsyncDisposableStack());
  parts.use(place.keepUp(say));
  const database = parts.use(await open(options, place));
  if (options.args.role === 'all' || options.args.role === 'scheduler') {
    parts.use(keepPartitionsAhead({ create: () => createPartitionsAt(place, service), log: say }));
    const { schedule, figures } = backups;
    if (schedule || figures) parts.use(scheduleBackups(place, schedule, say));
  }
  const { api, administrator } = await startParts(options, parts, { place, database });
  undo.move();
  return new Hub({ place, prepared, url: api?.url, administrator }, parts);
}

function open({ config, say }: HubOptions, place: DatabasePlace): Promise<Database> {
  return openDatabase({
    connection: place.application,
    service,
    orm: ormOptions,
    constraintCodes,
    pool: { max: config.poolMax, connectTimeoutMs: config.connectTimeoutMs },
    prepared: config.prepared,
    slowStatements: {
      thresholdMs: config.slowStatementMs,
      log: ({ sql, durationMs, role }) => say(`slow: ${durationMs.toFixed(0)} ms as ${role}: ${sql}`, 'warn'),
    },
    roles: [...serviceNames, 'worker', 'steward'],
  });
}

/** What serves and works: the services, and the server where this process has one. */
async function startParts(
  { settings, args, log, config }: HubOptions,
  parts: AsyncDisposableStack,
  { place, database }: { readonly place: DatabasePlace; readonly database: Database },
): Promise<{ api: Api | undefined; administrator: AdministratorKey | undefined }> {
  const { role } = args;
  const services = args.services as [HubArguments['services'][number], ...HubArguments['services']];
  const limiter = limiterOf(settings, services);
  const secretKey = settings.secretKey ?? (await homeSecretKey(config.home));
  const host = args.host ?? settings.http.host;
  const port = args.port ?? settings.http.port;
  let address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const publicUrl = () => settings.http.publicUrl ?? address;
  const options = { settings, place, role, services, limiter, log, secretKey, publicUrl };
  const composition = parts.use(await compose(options));
  const { administrator } = composition;
  const answers = role === 'all' || role === 'api';
  if (!answers && args.port === undefined) return { api: undefined, administrator };
  // A worker's server has its health and figures only.
  const api = parts.use(
    await startApi({ settings, database, composition, limiter, services, host, port, log, config }),
  );
  address = api.url;
  return { api, administrator };
}

function scheduleBackups(place: DatabasePlace, schedule: string | undefined, log: Say): AsyncDisposable {
  return keepBackupSchedule({
    schedule,
    turn: async (signal) =>
      schedule ? await runBackupTurnAt(place, { schedule, signal, log }) : { outcome: 'not due' },
    look: () => backupStatusAt(place.config),
    log,
  });
}
