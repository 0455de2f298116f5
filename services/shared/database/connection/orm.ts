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

/**
 * The ORM without connections of its own: a fork of its EntityManager gets the transaction of a unit of work. Its log
 * stays off, because it writes values; slow statements are reported where they are sent.
 */
export function openOrm(options: OrmOptions, database: string): MikroORM {
  return new MikroORM({
    ...options,
    dbName: database,
    driverOptions: lockedDialect,
    ensureDatabase: false,
    debug: false,
    logger: () => {},
  });
}

export type { EntityManager };
