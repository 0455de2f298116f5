/** The front door for those who run the database: the command line, the composition root, operators' programs. */
export type { Progress as BackfillProgress } from './backfill/progress.ts';
export type { BackfillState } from './backfill/state.ts';
export { ConfigError, type DatabaseConfig, readDatabaseConfig } from './config.ts';
export { type AdminConnection, connectAdmin } from './connection/admin-connection.ts';
export type { ConnectionSettings } from './connection/client.ts';
export type { RenameQuestion } from './migrations/create/renames.ts';
export type { WrittenMigration } from './migrations/create/write-migrations.ts';
export { createMigration } from './migrations/create-migration.ts';
export { type Hazard, hazardNames } from './migrations/hazards.ts';
export type { MigrationState } from './migrations/history.ts';
export { type LintResult, lintMigrations } from './migrations/lint/lint-migrations.ts';
export { completeStatements } from './migrations/statements.ts';
export type { PartitionStatus } from './partitions/partition-status.ts';
export { type Finding, provisioningSql, type ServiceLoginOptions } from './provision/index.ts';
export {
  type ActingName,
  actingNames,
  applicationRoles,
  ownerRole,
  roleOf,
  type ServiceName,
  serviceNames,
} from './provision/roles.ts';
export {
  type RunningServer,
  type ServerStatus,
  serverStatus,
  startServer,
  stopServer,
} from './server/index.ts';
export {
  type ListedBackfill,
  listBackfillsAt,
  pauseBackfillAt,
  runBackfillAt,
} from './setup/backfill-place.ts';
export { checkPlace, type DriftReport } from './setup/check-place.ts';
export {
  DatabasePlace,
  openPlace,
  type PlaceDescription,
  type PlaceOptions,
  serverAddress,
} from './setup/database-place.ts';
export { ensureDatabase } from './setup/ensure-database.ts';
export { holdHub, hubPurpose } from './setup/hold-hub.ts';
export { type Check, inspectPlace } from './setup/inspect-place.ts';
export {
  migratePlace,
  migratePlaceDown,
  migrationStatesAt,
  type Repair,
  repairMigrations,
} from './setup/migrate-place.ts';
export {
  createPartitionsAt,
  detachPartitionsAt,
  duePartitionsAt,
  partitionStatusAt,
} from './setup/partitions-place.ts';
export { type PreparedPlace, preparePlace, provisionPlace } from './setup/prepare-place.ts';
export { migrationSql, recordedAt } from './setup/print-migrations.ts';
export { type PlaceProvisioning, provisionOptions } from './setup/provision-place.ts';
export { type Verification, verifyOnScratch } from './setup/verify-on-scratch.ts';
