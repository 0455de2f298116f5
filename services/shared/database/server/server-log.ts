import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type ErrorCode, HubError, hubError } from '@quantum-hub/kernel';
import { textOf } from './errors.ts';

const MAX_LOG_BYTES = 10 * 1024 * 1024;
const MAX_READ_BYTES = 64 * 1024;

const START_MARK = '-- Quantum Hub starts PostgreSQL';

/**
 * Opens the server's log for appending and marks the start in it; a log of more than 10 MB makes room first
 * (`server.log.1`, its predecessor goes). `offset` is where this start's own lines begin, in bytes.
 */
export function openLog(path: string): { file: number; offset: number } {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, `${START_MARK} at ${new Date().toISOString()}\n`);
    return { file, offset: fstatSync(file).size };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The part of a log that the last start wrote. */
export function sinceLastStart(log: string): string {
  return log.slice(Math.max(0, log.lastIndexOf(START_MARK)));
}

/** Whether the server that a log tells of ended because it was told to, by a command of ours, `pg_ctl` or the system. */
export function toldToStop(log: string): boolean {
  return /^[^"\n]*LOG: {2}received (?:fast|smart|immediate) shutdown request$/m.test(sinceLastStart(log));
}

/** What the log says from `offset` on, at most its last 64 KiB. */
export function readLog(path: string, offset = 0): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const size = fstatSync(file).size;
    const start = Math.max(offset, size - MAX_READ_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    readSync(file, buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    closeSync(file);
  }
}

/** What is known where PostgreSQL's own words need facts beside them. */
export type FaultFacts = { dataDir: string; port?: number; logFile?: string };

type Params = Record<string, string | number | undefined>;
type Explanation = {
  pattern: RegExp;
  code: ErrorCode;
  params: (found: RegExpExecArray, facts: FaultFacts) => Params;
};

// Time and process, as `log_line_prefix` and initdb's own server write them.
const LINE_PREFIX = /^[\d-]+ [\d:.]+ \w+ \[\d+\] /;

const NEEDED_SPACE = '100 MB';

// In the order in which they are tried: the causes first, what they bring about after them.
const EXPLANATIONS: Explanation[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|Check free disk space/,
    code: 'database.server_disk_full',
    params: (_, { dataDir }) => ({ path: dataDir, free: freeSpace(dataDir), needed: NEEDED_SPACE }),
  },
  {
    // Two servers that start at once may both bind a port; then listening fails for one of them.
    pattern: /could not (?:bind|listen on) .* address .*: (Address already in use|Permission denied)/,
    code: 'database.server_port_busy',
    params: ([, reason], { port }) => ({ port, reason }),
  },
  {
    pattern: /lock file "[^"]+" already exists|pre-existing shared memory block/,
    code: 'database.server_data_busy',
    params: (_, { dataDir }) => ({ dataDir }),
  },
  {
    pattern:
      /unrecognized configuration parameter "[^"]+"|invalid value for parameter "[^"]+"[^\n]*|syntax error in file "[^"]+"[^\n]*/,
    code: 'database.server_setting_invalid',
    params: ([reason], { dataDir }) => ({ reason, dataDir }),
  },
  {
    pattern: /could not (?:map anonymous|create|resize) shared memory[^\n]*|Cannot allocate memory/,
    code: 'database.server_out_of_memory',
    params: ([reason]) => ({ reason }),
  },
  {
    pattern:
      /(?:FATAL|PANIC|LOG|error):\s+([^\n]*(?:Permission denied|has wrong ownership|has invalid permissions|Read-only file system))/,
    code: 'database.server_access_denied',
    params: ([, reason], { dataDir }) => ({
      path: dataDir,
      reason,
      remedy: 'it and all in it must belong to the user that runs the server, with mode 0700',
    }),
  },
  {
    pattern:
      /(?:FATAL|PANIC):\s+([^\n]*(?:checkpoint record|pg_control|invalid page|could not (?:open|read) file|is not a database cluster directory|database files are incompatible|required file)[^\n]*)/,
    code: 'database.server_data_damaged',
    params: ([, reason], { dataDir, logFile }) => ({ dataDir, reason, logFile }),
  },
];

/** Turns what PostgreSQL wrote into the one error that names cause and remedy. */
export function explainFailure(log: string, facts: FaultFacts): HubError {
  return (
    findFault(log, facts) ??
    hubError('database.server_start_failed', { reason: lastWords(log), logFile: facts.logFile })
  );
}

/** The fault that a piece of log tells of, or undefined when it tells of none that we know. */
export function findFault(log: string, facts: FaultFacts): HubError | undefined {
  for (const { pattern, code, params } of EXPLANATIONS) {
    const found = pattern.exec(log);
    if (found) return new HubError(code, params(found, facts));
  }
  return undefined;
}

/** Turns the refusal that a server which is up gave the administrator into the one error that names cause and remedy. */
export function explainRefusal(error: unknown, facts: FaultFacts): HubError {
  // PostgreSQL does not say ENOSPC to a new connection that finds no room for its files ("could not write init file").
  return findFullDisk(facts) ?? explainFailure(textOf(error), facts);
}

/** `database.server_disk_full` if there is less than 1 MB for the data. */
export function findFullDisk(facts: FaultFacts): HubError | undefined {
  const full = (freeBytes(facts.dataDir) ?? Number.POSITIVE_INFINITY) < 1024 * 1024;
  return full ? findFault('No space left on device', facts) : undefined;
}

function lastWords(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const words =
    lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  return words.replace(LINE_PREFIX, '').trim();
}

function freeSpace(path: string): string {
  const bytes = freeBytes(path);
  return bytes === undefined ? 'an unknown number of MB' : `${Math.floor(bytes / 1024 / 1024)} MB`;
}

// Of the disk that holds the path or, where that does not exist yet, the nearest folder above it.
function freeBytes(path: string): number | undefined {
  for (let dir = path; ; dir = dirname(dir)) {
    try {
      const { bavail, bsize } = statfsSync(dir);
      return bavail * bsize;
    } catch {
      if (dir === dirname(dir)) return undefined;
    }
  }
}
