import { spawn } from 'node:child_process';
import { hubError } from '@quantum-hub/kernel';
import { type Account, childOptions } from '../../server/index.ts';

export interface ProgramRun {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly account: Account;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A program that ended with an error, and all that it said. */
export class ProgramFailure extends Error {
  readonly program: string;
  readonly output: string;

  constructor(program: string, output: string) {
    super(output);
    this.program = program;
    this.output = output;
  }

  /** As the one error for people: the program's last words. */
  toHubError(): Error {
    const lines = this.output.split('\n').filter((line) => line.trim() !== '');
    const reason = lines.findLast((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
    return hubError('database.pitr_program_failed', { program: this.program, reason: reason.trim() });
  }
}

/** Runs a program as the server's system user and gives what it wrote. Throws `ProgramFailure`. */
export async function runProgram({ command, args, account, env }: ProgramRun): Promise<string> {
  const [program = '', ...before] = command;
  const options = childOptions(account);
  const child = spawn(program, [...before, ...args], {
    ...options,
    env: { ...options.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let answer = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const name = program.split('/').at(-1) ?? program;
  child.on('error', (error) => reject(new ProgramFailure(name, error.message)));
  child.on('close', (code, signal) => {
    if (code === 0) resolve(answer);
    else
      reject(
        new ProgramFailure(name, `${answer.slice(-2000)}\n${said}` || `it ended with ${signal ?? code}`),
      );
  });
  return await promise;
}
