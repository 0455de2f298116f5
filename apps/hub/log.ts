import { Writable } from 'node:stream';
import pino, { type Logger } from 'pino';
import { terminalLine } from './terminal-line.ts';

export type Log = Logger;

/** Tells a sentence: to the person before a terminal, elsewhere as a line of the log with its level (default info). */
export type Say = (line: string, level?: 'info' | 'warn' | 'error') => void;

export interface LogOptions {
  readonly level: string;
  /** Lines for people instead of JSON. */
  readonly terminal: boolean;
  readonly write?: (line: string) => void;
}

/** Names under which secrets travel, wherever they stand in what is logged. */
const secretNames = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'secretKey'];
const depths = ['', '*.', '*.*.', '*.*.*.'];

// The last line of defence: keys of ours in any text, and passwords in addresses.
const keyPattern = /qh_(live|test|sub|session)_([0-9A-Za-z]{6})[0-9A-Za-z]{20,}/g;
const addressPattern = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]*):[^\s@/"\\]+@/gi;

/** Takes secrets out of a line that is about to be written, also those that a library put into a message. */
function withoutSecrets(line: string): string {
  return line.replace(keyPattern, 'qh_$1_$2[hidden]').replace(addressPattern, '$1:[hidden]@');
}

/** The log of a process: JSON lines on standard output, or lines for people on a terminal. Secrets are hidden in both. */
export function createLog({ level, terminal, write = writeOut }: LogOptions): Log {
  const destination = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      const line = withoutSecrets(String(chunk));
      write(terminal ? terminalLine(line) : line);
      done();
    },
  });
  return pino(
    {
      level,
      base: terminal ? null : { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: depths.flatMap((depth) => secretNames.map((name) => `${depth}${name}`)),
        censor: '[hidden]',
      },
    },
    destination,
  );
}

function writeOut(line: string): void {
  process.stdout.write(line);
}
