import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { hubError } from '@quantum-hub/kernel';
import type { ConnectionSettings } from '../../connection/client.ts';
import { libpqEnvironment } from '../../connection/libpq-environment.ts';
import type { Program } from './program.ts';
import { insideTheContainer } from './programs-in-compose.ts';

export interface RunOptions {
  readonly settings: ConnectionSettings;
  readonly args: readonly string[];
  readonly signal?: AbortSignal;
  /** Each line that the program writes on standard error. */
  readonly onLine?: (line: string) => void;
  /** Settings of the program's session. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface RunningProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Throws `database.program_failed` with what the program said last. */
  readonly ended: Promise<void>;
}

/** What is kept of a program's complaints: enough to name the reason, whatever it writes. */
const mostComplaints = 20;

/** Starts a program of PostgreSQL with our connection; its streams are the caller's to read and to fill. */
export function startProgram(program: Program, run: RunOptions): RunningProgram {
  const compose = program.where === 'compose';
  const settings = compose ? { ...run.settings, ...insideTheContainer } : run.settings;
  const environment = libpqEnvironment(settings, { name: program.name, options: run.options });
  const [file = '', ...before] = compose ? withVariables(program.command, settings) : program.command;
  const child = spawn(file, [...before, ...run.args], {
    env: compose ? process.env : { ...environment.variables, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: run.signal,
  });
  const complaints: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    if (!isChatter(line)) complaints.push(line);
    if (complaints.length > mostComplaints) complaints.shift();
    run.onLine?.(line);
  });
  // A program that ends early closes its input; why it did is told by its end.
  child.stdin.on('error', () => {});
  const ended = end(child, program, complaints).finally(() => environment[Symbol.dispose]());
  ended.catch(() => {});
  return { stdin: child.stdin, stdout: child.stdout, ended };
}

/** The container's own PGPASSWORD opens it: an argument would show the password to everybody. */
function withVariables(command: readonly string[], { user, database }: ConnectionSettings): string[] {
  const at = command.indexOf('-T') + 1;
  const given = { PGHOST: insideTheContainer.host, PGUSER: user, PGDATABASE: database };
  const variables = Object.entries(given).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  return [...command.slice(0, at), ...variables, ...command.slice(at)];
}

/** What `--verbose` says of its progress. */
function isChatter(line: string): boolean {
  return /^pg_\w+: (?!(error|fatal|warning|detail|hint):)/.test(line);
}

async function end(child: ChildProcess, program: Program, complaints: readonly string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<[number | null, NodeJS.Signals | null]>();
  child.once('error', reject).once('close', (code, signal) => resolve([code, signal]));
  let outcome: [number | null, NodeJS.Signals | null];
  try {
    outcome = await promise;
  } catch (error) {
    throw hubError(
      'database.program_failed',
      { program: program.name, reason: (error as Error).message },
      { cause: error },
    );
  }
  const [code, signal] = outcome;
  if (code === 0) return;
  const said = complaints.join(' ').replaceAll(`${program.name}: error: `, '').trim();
  const reason = said || (signal ? `it was ended by ${signal}` : `it ended with code ${code}`);
  throw hubError('database.program_failed', { program: program.name, reason });
}

/** Runs a program to its end and gives what it wrote; for short answers only. */
export async function outputOf(program: Program, run: RunOptions): Promise<string> {
  const running = startProgram(program, run);
  running.stdin.end();
  const parts: Buffer[] = [];
  for await (const part of running.stdout) parts.push(part as Buffer);
  await running.ended;
  return Buffer.concat(parts).toString('utf8');
}
