import { databaseErrors } from './database.ts';
import { databaseBackupErrors } from './database-backup.ts';
import { databaseMigrationErrors } from './database-migration.ts';
import { databaseMigrationCheckErrors } from './database-migration-check.ts';
import { databaseMigrationCreateErrors } from './database-migration-create.ts';
import { databasePlaceErrors } from './database-place.ts';
import { databasePointInTimeErrors } from './database-point-in-time.ts';
import { databaseServerErrors } from './database-server.ts';
import { databaseStatementErrors } from './database-statement.ts';
import { databaseUpkeepErrors } from './database-upkeep.ts';
import { developmentErrors } from './development.ts';
import { executionErrors } from './execution.ts';
import { executionDeviceErrors } from './execution-devices.ts';
import { executionResultErrors } from './execution-results.ts';
import { executionSubmissionErrors } from './execution-submission.ts';
import { httpErrors } from './http.ts';
import { identityErrors } from './identity.ts';
import { kernelErrors } from './kernel.ts';
import { marketplaceErrors } from './marketplace.ts';
import { programErrors } from './programs.ts';

/** Every error code of Quantum Hub. To add one, add it to its room's file and run `npm run generate`. */
export const catalogue = {
  ...kernelErrors,
  ...programErrors,
  ...databaseErrors,
  ...databaseStatementErrors,
  ...databaseBackupErrors,
  ...databaseMigrationErrors,
  ...databaseMigrationCheckErrors,
  ...databaseMigrationCreateErrors,
  ...databasePlaceErrors,
  ...databasePointInTimeErrors,
  ...databaseServerErrors,
  ...databaseUpkeepErrors,
  ...httpErrors,
  ...identityErrors,
  ...developmentErrors,
  ...marketplaceErrors,
  ...executionErrors,
  ...executionDeviceErrors,
  ...executionResultErrors,
  ...executionSubmissionErrors,
} as const;

/** `<room>.<fact>`, for instance `execution.job_not_found`. */
export type ErrorCode = keyof typeof catalogue;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(catalogue, value);
}
