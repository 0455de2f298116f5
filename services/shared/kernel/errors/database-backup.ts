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
  'database.program_failed': {
    status: 500,
    message: '{program} failed: {reason}',
    publicMessage: failed,
    why: 'A program of PostgreSQL ended with an error. Nothing half-made is kept.',
    fix: 'Read what it says; a missing right, a full disk or a lost connection are the usual reasons.',
  },
  'database.backup_place_unusable': {
    status: 500,
    message:
      'backups cannot be kept in {place}: {reason}; correct QHUB_BACKUP_DIR, or make that place usable',
    publicMessage: failed,
    why: 'The folder or the bucket for backups is missing, full, or may not be read or written.',
    fix: 'Correct `QHUB_BACKUP_DIR` (a folder, or `s3://BUCKET/PREFIX`), its rights and its free space.',
  },
  'database.backup_not_found': {
    status: 404,
    message: 'there is no backup {name} in {place}; `npx qhub db backup list` shows those that there are',
    publicMessage: failed,
    why: 'No whole backup of that name lies where backups are kept.',
    fix: 'Take a name of the list, or say with `--in` where the backup lies.',
  },
  'database.backup_damaged': {
    status: 500,
    message:
      'the backup {name} is damaged: {faults}; use another one, and find out what happened to this one',
    publicMessage: failed,
    why: 'Files of the backup are missing, cut or changed: their checksums are not those that it was made with.',
    fix: 'Use another backup. Look at the disk, and at who may write there.',
  },
  'database.backup_foreign': {
    status: 400,
    message: '{path} is nothing that can be restored: {reason}',
    publicMessage: failed,
    why: 'The file or folder is no backup of Quantum Hub, and no whole dump of one database by pg_dump either.',
    fix: 'Give a backup’s name or folder, or a file that `pg_dump` made of one database (plain or `--format=custom`).',
  },
  'database.backup_differs': {
    status: 500,
    message: 'the backup {name}, once restored, is not what its manifest says: {faults}; use another one',
    publicMessage: failed,
    why: 'All files are as they were written, and yet the restored database has other rows, rights or objects.',
    fix: 'Use another backup, and report this: it is a fault of PostgreSQL’s programs or of Quantum Hub.',
  },
  'database.backup_locked': {
    status: 500,
    message: 'the backup {name} is encrypted, and {reason}; {remedy}',
    publicMessage: failed,
    why: 'The passphrase or the identity that opens the backup is missing, or is another one.',
    fix: 'Name it in `QHUB_BACKUP_PASSPHRASE_FILE`, or in `QHUB_BACKUP_IDENTITY_FILE` for an age recipient.',
  },
  'database.backup_too_new': {
    status: 400,
    message: '{name} was made on PostgreSQL {made}, and {target}; restore it on PostgreSQL {made} or newer',
    publicMessage: failed,
    why: 'A dump of a newer PostgreSQL may hold what an older one does not know.',
    fix: 'Restore it on a server of the same major or a newer one.',
  },
  'database.backup_busy': {
    status: 409,
    message:
      'somebody else makes or prunes backups of {database} at this moment; try again when that is done',
    publicMessage: failed,
    why: 'One runner at a time over all hosts: two would count the same backups and remove each other’s.',
    fix: 'Wait for the other one; `npx qhub db backup status` shows the last runs.',
  },
  'database.restore_refused': {
    status: 409,
    message:
      'the database {database} holds data; say --force to put the backup in its place (the database is kept as {kept})',
    publicMessage: failed,
    why: 'A restore puts another database in the place of this one, and this one has rows.',
    fix: 'Make sure that the backup is the one you want, and run the command again with `--force`.',
  },
  'database.restore_swap_failed': {
    status: 500,
    message:
      'the restored database is whole, as {restored}, but could not take the place of {database}: {reason}',
    publicMessage: failed,
    why: 'Renaming databases needs that nobody is connected, and the right to rename both.',
    fix: 'Stop what connects anew all the time, and run the restore again; nothing of the old database was touched.',
  },
} as const satisfies Room<'database'>;
