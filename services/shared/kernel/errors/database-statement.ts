import type { Room } from './entry.ts';

const tryAgain = 'the database was too busy for this request; try again';
const refused = 'the request does not fit what is stored; check it and send it again';

/** What a statement can run into. Values of rows are never named: PostgreSQL's `detail` stays in the cause. */
export const databaseStatementErrors = {
  'database.unique_violated': {
    status: 409,
    message: 'a row with the same values exists already[ (constraint {constraint})]',
    publicMessage: 'something with the same values exists already; change them and send it again',
    why: 'A unique constraint or index that has no code of its own refused the row.',
    fix: 'Change the values that must be unique.',
  },
  'database.check_violated': {
    status: 422,
    message: 'a value is outside what[ {table}] allows[ (constraint {constraint})]',
    publicMessage: refused,
    why: 'A CHECK constraint refused the row.',
    fix: 'See the constraint in `docs/data-model.md` and send a value that it allows.',
  },
  'database.not_null_violated': {
    status: 422,
    message: 'a value is missing[ in {table}][ (column {column})]',
    publicMessage: refused,
    why: 'A column that must have a value got none.',
    fix: 'Send a value for the column.',
  },
  'database.value_invalid': {
    status: 422,
    message: 'a value does not fit its type[: {reason}]',
    publicMessage: refused,
    why: 'A number out of range, a text that is too long, a malformed date, id or JSON.',
    fix: 'See the column’s type in `docs/data-model.md` and send a value that fits.',
  },
  'database.reference_missing': {
    status: 422,
    message: 'the row refers to something that does not exist[ (constraint {constraint})]',
    publicMessage: 'the request refers to something that does not exist; check the ids in it',
    why: 'A foreign key points to a row that is not there.',
    fix: 'Create the row it refers to first, or correct the id.',
  },
  'database.still_referenced': {
    status: 409,
    message: 'the row cannot be deleted: others refer to it[ (constraint {constraint})]',
    publicMessage: 'it cannot be deleted while other things refer to it; delete or detach those first',
    why: 'A foreign key with the rule RESTRICT protects rows that refer to this one.',
    fix: 'Delete or detach the rows that refer to it first. Users are anonymised, not deleted.',
  },
  'database.partition_missing': {
    status: 503,
    message: 'no partition[ of {table}] takes this row; run `npx qhub db partitions create`',
    publicMessage: tryAgain,
    why: 'The id’s time lies outside the partitions that exist: they were not made ahead.',
    fix: 'Run `npx qhub db partitions create`, and let it run on a schedule.',
  },
  'database.access_denied': {
    status: 403,
    message: 'the role[ "{role}"] may not do this[: {reason}]',
    publicMessage: 'you may not do this',
    why: 'The service’s role has no right to the table, or row security refused the row that was to be written.',
    fix: 'Do it through the service that owns the table, as the user who owns the row.',
  },
  'database.read_only': {
    status: 503,
    message: 'PostgreSQL takes no writes: the transaction or the server is read-only',
    publicMessage: 'the database takes no changes at the moment; try again later',
    why: 'The unit of work was opened with `readOnly`, or the server is a standby.',
    fix: 'Open the unit of work for writing, or connect to the primary server.',
  },
  'database.serialization_failed': {
    status: 503,
    message: 'other transactions kept getting in the way; gave up after {attempts} attempts: try again',
    publicMessage: tryAgain,
    why: 'A serialization failure or a deadlock, in every attempt to repeat the unit of work.',
    fix: 'Try again. If it stays, make units of work shorter and let them take rows in one order.',
  },
  'database.statement_timeout': {
    status: 503,
    message: 'a statement ran longer than the statement_timeout of its login and was stopped',
    publicMessage: tryAgain,
    why: 'The statement is too expensive, or the server too busy.',
    fix: 'Ask for less at once, or raise the login’s `statement_timeout`.',
  },
  'database.lock_timeout': {
    status: 503,
    message: 'a statement waited longer than the lock_timeout of its login and was stopped',
    publicMessage: tryAgain,
    why: 'Another transaction holds the rows or the table for too long.',
    fix: 'Try again; look in `pg_stat_activity` for who holds the lock.',
  },
  'database.idle_timeout': {
    status: 503,
    message:
      'the unit of work was idle for longer than idle_in_transaction_session_timeout; nothing was written',
    publicMessage: tryAgain,
    why: 'A unit of work waited for something other than the database while it held a connection.',
    fix: 'Do slow things (network, files) before or after the unit of work.',
  },
  'database.disk_full': {
    status: 503,
    message: 'PostgreSQL has no disk space left; nothing was written: free some space on its disk',
    publicMessage: 'the database takes no changes at the moment; try again later',
    why: 'The disk of the database server is full.',
    fix: 'Free space on that disk; PostgreSQL goes on by itself.',
  },
  'database.statement_failed': {
    status: 500,
    message: 'PostgreSQL refused a statement[ (SQLSTATE {sqlState})]; its cause has the details',
    publicMessage: 'something went wrong on the server; try again, and report it if it stays',
    why: 'An error without a code of its own, most often a fault in the statement.',
    fix: 'Look for the cause in the log and report it.',
  },
} as const satisfies Room<'database'>;
