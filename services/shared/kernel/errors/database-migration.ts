import type { Room } from './entry.ts';

/** Migrations: their files, what a database has had, and applying them. Seen by operators, never by callers over HTTP. */
export const databaseMigrationErrors = {
  'database.migration_header_invalid': {
    status: 500,
    message: 'the header of {file} is wrong: {faults}',
    why: 'Each migration begins with lines `-- Key: value` that say what it is and what it may do.',
    fix: 'Correct every line that the message names; `docs/migrations.md` has an example.',
  },
} as const satisfies Room<'database'>;
