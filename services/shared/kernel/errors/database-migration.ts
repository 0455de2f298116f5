import type { Room } from './entry.ts';

const unavailable = 'the database is not available at the moment; try again in a few seconds';
const fault = { status: 500, publicMessage: unavailable } as const;

/** Migrations: their files, what a database has had, and applying them. Seen by operators, never by callers over HTTP. */
export const databaseMigrationErrors = {
  'database.migration_header_invalid': {
    ...fault,
    message: 'the header of {file} is wrong: {faults}',
    why: 'Each migration begins with lines `-- Key: value` that say what it is and what it may do.',
    fix: 'Correct every line that the message names, after the example of the migrations that are there.',
  },
  'database.migration_order_invalid': {
    ...fault,
    message: 'the list of migrations in ORDER and the files in versions/ do not fit together: {faults}',
    why: 'Every line of ORDER names one migration, which has a `.up.sql` and a `.down.sql` file; no other files may lie there.',
    fix: 'Restore missing files from version control, add missing lines to ORDER, or remove what is left over.',
  },
  'database.migration_file_invalid': {
    ...fault,
    message: '{file}, line {line}: {reason}; nothing was applied',
    why: 'A migration’s file can’t be run as it stands: it is empty, never ends a quote, or does what is the runner’s to do.',
    fix: 'Correct the line that the message names.',
  },
  'database.migration_changed': {
    ...fault,
    message:
      'the migration {migration} was changed after it was applied; restore its file, changes go into a new migration (or, if the database has the change, run `npx qhub db migration resolve --applied {migration}`)',
    why: 'The SHA-256 of an applied file is not the one in `hub.migrations`: database and code have parted.',
    fix: 'Bring the file back as it was applied and put the change into a new migration.',
  },
  'database.migration_missing': {
    ...fault,
    message:
      'the database has had the migration {migration}, and its files are missing; restore them, or, if its changes are no longer in the database, run `npx qhub db migration resolve --rolled-back {migration}`',
    why: '`hub.migrations` names a migration between others of this code that ORDER does not name.',
    fix: 'Restore the files and the line in ORDER from version control.',
  },
  'database.migrations_newer': {
    ...fault,
    message:
      'the database is newer than this code: it has had {migrations}; run the code that has these, or take them back with it',
    why: 'The database has every migration of this code, and later ones that this code does not know.',
    fix: 'Update the code; or, with the newer code, run `npx qhub db migration down --to` the last migration of this one.',
  },
  'database.migration_out_of_order': {
    ...fault,
    message:
      'the migration {migration} stands in ORDER before {applied}, which the database has had already; move it to the end of ORDER with a new timestamp, or, if the database has its changes, run `npx qhub db migration resolve --applied {migration}`',
    why: 'Two branches each added a migration, and the later one was applied first.',
    fix: 'Give the migration that was not applied a new timestamp and put it last in ORDER.',
  },
  'database.migration_unknown': {
    ...fault,
    message: 'no migration is called "{name}"; expected a line of ORDER, whose last is {last}',
    why: 'The name is not in ORDER.',
    fix: 'Copy the name from `npx qhub db migration status`.',
  },
  'database.migration_failed': {
    ...fault,
    message:
      'the migration {migration} failed at {file}, line {line}, statement {number} ({statement}): {reason}; {outcome}',
    why: 'PostgreSQL refused a statement of the migration.',
    fix: 'Correct what the message names and run the migrations again.',
  },
  'database.migration_lock_timeout': {
    ...fault,
    message:
      'the migration {migration} got its locks in none of {attempts} attempts of {lockTimeoutMs} ms[, because of {blockedBy}]; nothing of it was kept: end what blocks it, or try again later',
    why: 'Other sessions use the tables that the migration changes; it waits briefly only, since others queue up behind it.',
    fix: 'Wait for the session that the message names, or end it with `select pg_terminate_backend(PID)`, and run the migrations again.',
  },
  'database.migration_unfinished': {
    ...fault,
    message:
      'the migration {migration} was begun without a transaction and not finished; [run `npx qhub db migration {resume}` to finish it, or ]look what is in the database and run `npx qhub db migration resolve --applied {migration}` or `--rolled-back {migration}`',
    why: 'Its runner was cut off while a statement ran that no transaction protects.',
    fix: 'Do what the message says.',
  },
  'database.migration_irreversible': {
    ...fault,
    message:
      'the migration {migration} cannot be taken back: its header says "Reversible: no"; restore a backup from before it instead',
    why: 'What the migration did can’t be undone by SQL.',
    fix: 'Restore a backup, or write a new migration that goes on from here.',
  },
  'database.migration_loses_data': {
    ...fault,
    message:
      'taking back {migrations} deletes rows for good; nothing was taken back: add --allow-data-loss if that is what you want',
    why: 'The headers of these migrations say "Reversible: loses data".',
    fix: 'Make a backup, then repeat the command with `--allow-data-loss`.',
  },
  'database.migration_needs_direct_connection': {
    ...fault,
    message:
      'a migration without transaction needs a direct connection, and this one leads through a pooler as "{login}", who is no superuser; name the server itself in POSTGRES_HOST and POSTGRES_PORT',
    why: 'Behind a pooler there is no session in which the login could act as the owner of the tables.',
    fix: 'Connect to PostgreSQL itself for migrations.',
  },
  'database.migration_baseline_refused': {
    ...fault,
    message:
      'the database has had {migration} already, so {baseline} can be no baseline; a baseline is for a database without later migrations',
    why: 'A baseline records migrations as applied without running them, on a database that got their changes otherwise.',
    fix: 'See `npx qhub db migration status`; single migrations are recorded with `npx qhub db migration resolve --applied NAME`.',
  },
  'database.migrations_pending': {
    ...fault,
    status: 503,
    message: 'the database "{database}" lacks {count} migration(s); run `npx qhub db migration up`',
    why: 'The program is newer than the database.',
    fix: 'Run the migrations, then start again.',
  },
} as const satisfies Room<'database'>;
