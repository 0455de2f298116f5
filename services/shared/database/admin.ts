/** The front door for those who run the database: the command line, the composition root, operators' programs. */

export type { Progress as BackfillProgress } from './backfill/progress.ts';
export { runBackfill } from './backfill/run-backfill.ts';
export type { BackfillState } from './backfill/state.ts';
export type { CreateProgress } from './backup/create/create-backup.ts';
export { createBackup } from './backup/create/create-backup.ts';
export { type ListedBackup, listBackups, newestBackup } from './backup/list-backups.ts';
export type { Manifest as BackupManifest } from './backup/manifest/manifest.ts';
export type { DrillRecord } from './backup/point-in-time/drill.ts';
export { runScratchDrill } from './backup/point-in-time/drill-scratch.ts';
export type { BaseBackup } from './backup/point-in-time/engine.ts';
export { type Initialised, settingLines } from './backup/point-in-time/initialise.ts';
export type { PitrStatus } from './backup/point-in-time/operations.ts';
export type { RecoveredData } from './backup/point-in-time/restore.ts';
export { type EngineName, engineNames } from './backup/point-in-time/settings-file.ts';
export { isMoment, type Target } from './backup/point-in-time/target.ts';
export { findSource } from './backup/restore/find-source.ts';
export { dropKept } from './backup/restore/kept-databases.ts';
export { type Restored, restoreBackup } from './backup/restore/restore-backup.ts';
export type { Retention } from './backup/retention/choose-kept.ts';
export type { PrunedBackups } from './backup/retention/prune-backups.ts';
export { readRetention } from './backup/retention/read-retention.ts';
export { type BackupRun, lastRun, verifiedBackups } from './backup/runs/run.ts';
export {
  type BackupConfig,
  type BackupOverrides,
  backupSettings,
  readBackupConfig,
} from './backup/settings.ts';
export type { Judgement } from './backup/status/judge-backups.ts';
export { openStore } from './backup/store/open-store.ts';
export type { BackupStore } from './backup/store/store.ts';
export { readUpkeepSettings } from './backup/upkeep-settings.ts';
export { type VerifiedBackup, verifyBackup } from './backup/verify/verify-backup.ts';
export { ConfigError, type DatabaseConfig, readDatabaseConfig } from './config.ts';
export { type AdminConnection, connectAdmin } from './connection/admin-connection.ts';
export type { ConnectionSettings } from './connection/client.ts';
export { type LibpqEnvironment, libpqEnvironment } from './connection/libpq-environment.ts';
export type { RenameQuestion } from './migrations/create/renames.ts';
export type { WrittenMigration } from './migrations/create/write-migrations.ts';
export { createMigration } from './migrations/create-migration.ts';
export { type Migration, migrationsFolder, readMigrations } from './migrations/files.ts';
export { type Hazard, hazardNames } from './migrations/hazards.ts';
export type { MigrationState } from './migrations/history.ts';
export { type LintResult, lintMigrations } from './migrations/lint/lint-migrations.ts';
export type { LockMode } from './migrations/lock-modes.ts';
export { migrateUp } from './migrations/runner.ts';
export { completeStatements } from './migrations/statements.ts';
export type { TableLock } from './migrations/table-locks.ts';
export type { TriedMigration } from './migrations/try-migrations.ts';
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
export { onRecord, readRunsAt } from './setup/backup-runs-place.ts';
export { type BackupStatus, backupStatusAt } from './setup/backup-status-place.ts';
export { type BackupTurn, pruneBackupsAt, runBackupTurnAt } from './setup/backup-turn-place.ts';
export { checkPlace, type DriftReport } from './setup/check-place.ts';
export { clockAheadMs } from './setup/clock-place.ts';
export {
  DatabasePlace,
  openPlace,
  type PlaceDescription,
  type PlaceOptions,
  serverAddress,
} from './setup/database-place.ts';
export { type DryRun, dryRunAt } from './setup/dry-run-place.ts';
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
export { pendingMigrationsSeen } from './setup/pending-seen.ts';
export {
  checkPitrAt,
  createRestorePointAt,
  initialisePitrAt,
  listBaseBackups,
  makeBaseBackupAt,
  pitrStatusAt,
  restoreBaseBackup,
  runDrillAt,
  swapRestoredAt,
} from './setup/point-in-time-place.ts';
export { type PreparedPlace, preparePlace, provisionPlace } from './setup/prepare-place.ts';
export { migrationSql, recordedAt } from './setup/print-migrations.ts';
export { type PlaceProvisioning, provisionOptions } from './setup/provision-place.ts';
export { type Verification, verifyOnScratch } from './setup/verify-on-scratch.ts';
export type { Step } from './step.ts';
