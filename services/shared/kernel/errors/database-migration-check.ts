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
} as const satisfies Room<'database'>;
