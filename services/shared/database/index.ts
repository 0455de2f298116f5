/** The front door of the database for services: settings, and units of work. */
export { ConfigError, type DatabaseConfig, databaseSettings, readDatabaseConfig } from './config.ts';
export {
  type AsyncDb,
  type ConnectionSettings,
  Database,
  type Db,
  DirectConnection,
  type DirectOptions,
  getAsyncDb,
  getDb,
  type Health,
  type Isolation,
  type OpenOptions,
  openDatabase,
  type PoolFigures,
  type Rows,
  type Scope,
  type SlowStatement,
} from './db.ts';
export { constraintCodes } from './models/error-codes.ts';
export { ormOptions } from './models/orm-options.ts';
