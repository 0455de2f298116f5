import { type EntityManager, MikroORM, type Options } from '@mikro-orm/postgresql';
import { hubError } from '@quantum-hub/kernel';
import {
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { fingerprint, type SlowLog } from './slow-log.ts';

/** Entities and naming strategy, as the models give them. */
export type OrmOptions = Pick<Options, 'entities' | 'namingStrategy' | 'forceUtcTimezone'>;

function outside(): never {
  throw hubError('database.session_ended', {
    reason:
      'this EntityManager is not bound to a unit of work: use the `em` of getDb() itself, not a fork of it',
  });
}

/** MikroORM's own way to connections is closed: whatever is not bound to a unit of work is refused. */
const lockedDriver: Driver = {
  init: async () => {},
  acquireConnection: async () => outside(),
  beginTransaction: async () => outside(),
  commitTransaction: async () => outside(),
  rollbackTransaction: async () => outside(),
  releaseConnection: async () => {},
  destroy: async () => {},
};

const lockedDialect: Dialect = {
  createDriver: () => lockedDriver,
  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
};

function slowLogger(slowLog: SlowLog) {
  const write = (context: { query?: string; took?: number; role?: string }) =>
    slowLog.log({
      sql: fingerprint(context.query ?? ''),
      durationMs: context.took ?? 0,
      role: context.role ?? '',
    });
  return { log() {}, error() {}, warn() {}, logQuery: write, setDebugMode() {}, isEnabled: () => false };
}

/**
 * The ORM without connections of its own: `forkFor` binds an EntityManager to a transaction. Its debug log stays off,
 * and of slow statements it reports the form with `?`.
 */
export function openOrm(options: OrmOptions, database: string, slowLog: SlowLog | undefined): MikroORM {
  return new MikroORM({
    ...options,
    dbName: database,
    driverOptions: lockedDialect,
    ensureDatabase: false,
    debug: false,
    logger: () => {},
    ...(slowLog
      ? { slowQueryThreshold: slowLog.thresholdMs, slowQueryLoggerFactory: () => slowLogger(slowLog) }
      : {}),
  });
}

export type { EntityManager };
