import type { Room } from './entry.ts';

/** What keeps migrations from being linted, checked and verified. What these find is no error, but their result. */
export const databaseMigrationCheckErrors = {
  'database.lint_unavailable': {
    status: 500,
    message: 'the migrations can’t be linted, because squawk does not run: {reason}; run `npm ci`',
    publicMessage: 'the migrations can’t be linted',
    why: 'The npm package `squawk-cli`, or its program for this platform, was not installed.',
    fix: 'Run `npm ci` without `--omit=optional`.',
  },
  'database.verify_table_unfilled': {
    status: 500,
    message:
      'no row could be made for the table {table}, on which migrations are tried: {reason}; correct its constraints, or teach services/shared/database/migrations/verify/ such a value',
    publicMessage: 'the migrations can’t be verified',
    why: 'Migrations are tried on filled tables. The rows are made from types and constraints, and none that was tried is accepted.',
    fix: 'See whether the table’s constraints contradict each other; otherwise add a candidate for the type.',
  },
  'database.scratch_major_missing': {
    status: 500,
    message:
      'no server programs of PostgreSQL {major} were found, only those of {instead}; install them (Debian: apt-get install postgresql-{major}), name their folder in QHUB_POSTGRES_BIN, or {otherwise}',
    publicMessage: 'the migrations can’t be tried',
    why: 'Migrations are tried on a throw-away server of the same major: another one may take what the database refuses, and the other way round.',
    fix: 'Install the server programs of that major on this machine. A dry run does with the embedded ones when `--any-major` is given.',
  },
  'database.scratch_copy_failed': {
    status: 500,
    message:
      'the schema of the database "{database}" could not be copied to a scratch server of PostgreSQL {version}: {reason} ({statement}); make there what it lacks, such as the programs of an extension',
    publicMessage: 'the migrations can’t be tried',
    why: 'The text that `pg_dump` made of the schema was refused by the scratch server, which may lack an extension that the database has.',
    fix: 'Install the extension’s files for the scratch server’s programs, and run it again. The database was only read.',
  },
} as const satisfies Room<'database'>;
