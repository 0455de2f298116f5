import type { Room } from './entry.ts';

const failed = 'the backup could not be made or read; its operator finds the reason in the log';

/** Backups: programs, folders, checks, restores. */
export const databaseBackupErrors = {
  'database.program_missing': {
    status: 500,
    message: 'there is no {program} {version}[ (found: {found})]; {remedy}',
    publicMessage: failed,
    why: 'PostgreSQL’s own programs make and read backups. They have to be as new as the server, and are not there.',
    fix: 'Install the version that the message names, or name the folder of its programs in `QHUB_POSTGRES_BIN`.',
  },
} as const satisfies Room<'database'>;
