import type { Room } from './entry.ts';

const fault = {
  status: 500,
  publicMessage: 'a backup or its recovery failed; its operator finds the reason in the log',
};

/** Archiving, base backups and recovery to a point in time. In none of these cases were live data changed. */
export const databasePointInTimeErrors = {
  'database.pitr_not_set_up': {
    ...fault,
    message: 'there is no point-in-time recovery in {dir} yet; set it up with `npx qhub db backup pitr init`',
    why: 'Archiving of the write-ahead log was never set up for this server.',
    fix: 'Run `npx qhub db backup pitr init`, then `npx qhub db backup pitr backup`.',
  },
  'database.pitr_not_local': {
    ...fault,
    message:
      'the data of the server at {address} ({dataDir}) do not lie on this machine; run this command on the server’s own',
    why: 'Base backups and recovery need the server’s files, its archive and its programs at hand.',
    fix: 'Run the command on the machine of the server, as root or as the user that owns the data.',
  },
  'database.pitr_option_unsupported': {
    ...fault,
    message: 'the engine {engine} cannot do {option}; {remedy}',
    why: 'PostgreSQL’s own programs do less than pgBackRest, and pgBackRest needs a Unix socket and a version that knows the server.',
    fix: 'Do what the message says, or choose the other engine with `--engine`.',
  },
  'database.pitr_program_failed': {
    ...fault,
    message: '{program} failed: {reason}',
    why: 'A program that makes or restores backups ended with an error; its last words are in the message.',
    fix: 'Correct what the message names and run the command again; half results were removed.',
  },
  'database.pitr_socket_refused': {
    ...fault,
    message:
      'pgBackRest, as the server’s system user, cannot log in as "{user}" by the socket in {socketDir}: {reason}; let pg_hba.conf admit that login there, or set POSTGRES_ADMIN_USER to a superuser that it admits',
    why: 'By a Unix socket alone pgBackRest reaches a server, and there Debian admits each system user as the role of its own name.',
    fix: 'Add a line such as `local all hub_admin scram-sha-256` before the others of pg_hba.conf and reload the server, or use the role `postgres`.',
  },
  'database.pitr_repository_unusable': {
    ...fault,
    message:
      'the server’s system user cannot write to {path}; open the path to it (chmod o+x on each folder above), or name another folder with --repository',
    why: 'The server itself writes its archive, as its own system user.',
    fix: 'Give that user the right to pass and write, or choose another folder.',
  },
  'database.pitr_repository_foreign': {
    ...fault,
    message: '{repository} holds the archive of another server; name an empty folder with --repository',
    why: 'Two servers in one archive would overwrite each other’s log.',
    fix: 'Choose another folder, or move the old archive away when nobody needs it.',
  },
  'database.pitr_archiving_off': {
    ...fault,
    message: 'the server does not archive: {reason}',
    why: '`archive_mode` takes effect at a restart only, and `archive_command` must be the one that was set up.',
    fix: 'Restart the server, or run `npx qhub db backup pitr init` again.',
  },
  'database.pitr_archiving_stalled': {
    ...fault,
    message:
      'the log segment {segment} did not reach the archive within {waitedMs} ms[; the server’s last failure was at {failedAt}]; see the server’s log for what its archive_command says',
    why: 'The archive is full, unreachable or not writable; the server keeps its log until it is archived.',
    fix: 'Mend the archive (room, rights, network): the server goes on by itself.',
  },
  'database.pitr_no_backup': {
    ...fault,
    message: 'there is no base backup in {repository}; make one with `npx qhub db backup pitr backup`',
    why: 'Recovery starts from a base backup and replays the log from there.',
    fix: 'Make a base backup, or name the right repository.',
  },
  'database.pitr_backup_unknown': {
    ...fault,
    message: 'there is no base backup "{backup}"; there are {known}',
    why: 'The backup was never made here, or retention removed it.',
    fix: 'Choose one that `npx qhub db backup pitr list` shows.',
  },
  'database.pitr_backup_damaged': {
    ...fault,
    message: 'the base backup {backup} is damaged: {reason}; restore from another with --backup',
    why: 'A file of the backup is missing or differs from what was written.',
    fix: 'Restore from another backup, make a new one, and check the disk.',
  },
  'database.pitr_wal_missing': {
    ...fault,
    message:
      'the log segment {segment} is missing from the archive, so recovery from {backup} ends before it; choose an earlier moment, or a backup made after the gap',
    why: 'A segment was removed, or never reached the archive.',
    fix: 'Restore to a moment before the gap, or from a later base backup; then make a new base backup.',
  },
  'database.pitr_wal_damaged': {
    ...fault,
    message:
      'the log segment {segment} in the archive is damaged; choose an earlier moment, or a later backup',
    why: 'The file in the archive can’t be read back as it was written.',
    fix: 'Restore to a moment before it, make a new base backup, and check the disk.',
  },
  'database.pitr_cipher_wrong': {
    ...fault,
    message:
      'the passphrase in {file} does not open the repository; put the one there with which it was made',
    why: 'The repository is encrypted with another passphrase.',
    fix: 'Bring the right passphrase back; without it the backups cannot be read by anybody.',
  },
  'database.pitr_target_too_early': {
    ...fault,
    message: 'no base backup ends before {target}; the earliest moment to go back to is {earliest}',
    why: 'Recovery goes forward from the end of a base backup, never back.',
    fix: 'Choose a later moment, or restore from a backup of another kind (`npx qhub db backup list`).',
  },
  'database.pitr_target_not_reached': {
    ...fault,
    message:
      'the archive ends before {target}[ (its last transaction is of {end})]; choose an earlier one, an earlier base backup with --backup, or the end of the archive',
    why: 'The moment, transaction or restore point does not stand in the log from the base backup to the archive’s end.',
    fix: 'Choose a moment inside of the archive; leave the target out for everything there is.',
  },
  'database.pitr_restore_point_taken': {
    ...fault,
    message: 'there is a restore point "{name}" of {at} already; choose another name',
    why: 'Recovery stops at the first restore point of a name, so each name can be used once.',
    fix: 'Choose another name.',
  },
  'database.pitr_place_taken': {
    ...fault,
    message: '{path} exists already; recovery goes into a new folder only: name another with --to',
    why: 'Recovery never writes over data.',
    fix: 'Choose another folder, or remove that one when nobody needs it.',
  },
  'database.pitr_not_restored': {
    ...fault,
    message:
      '{folder} holds no data of this server that `npx qhub db backup pitr restore` recovered; name the folder that it told',
    why: 'Only data that came up as a server after recovery may take the place of the live ones.',
    fix: 'Name the folder that `pitr restore` told, or run it again.',
  },
  'database.pitr_server_in_use': {
    ...fault,
    message:
      'the embedded PostgreSQL is in use by {users}; stop these first, or add --force (what is open is rolled back)',
    why: 'Putting recovered data in place of the live ones stops the server.',
    fix: 'Stop what uses the server, or add `--force`.',
  },
  'database.pitr_drill_failed': {
    ...fault,
    message: 'the recovery drill failed: {reason}',
    why: 'The recovered server did not hold exactly what was there at the chosen moment.',
    fix: 'Do not rely on the archive: make a new base backup, run the drill again, and look into the server’s log.',
  },
} as const satisfies Room<'database'>;
