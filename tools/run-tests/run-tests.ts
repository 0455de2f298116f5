import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from '../rooms.ts';
import { readTestArguments } from './arguments.ts';

/** Types are stripped once and not for each of hundreds of processes, which halves the time that they take to load. */
const compileCache = join(root, 'node_modules/.cache/tests');

const globalSetup = 'services/shared/database/testing/global-setup.ts';

/** A file that has not ended by then hangs: the slowest of them start servers several times, in a minute or two. */
const fileTimeoutMs = 600_000;

/**
 * Runs `node --test` over the tests that `args` name (all without one) on one PostgreSQL for the whole run.
 *
 * @returns the exit code: 0 only when every test passed
 */
export async function runTests(args: readonly string[]): Promise<number> {
  let command: string[];
  try {
    command = nodeArguments(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  });
  // The terminal's Ctrl-C reaches the child too: wait for it, so that it can stop its server.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

function nodeArguments(args: readonly string[]): string[] {
  const { flags, files } = readTestArguments(root, process.env.INIT_CWD ?? process.cwd(), args);
  const setup = existsSync(join(root, globalSetup)) ? [`--test-global-setup=${globalSetup}`] : [];
  const reporter = flags.some((flag) => flag.startsWith('--test-reporter')) ? [] : ['--test-reporter=spec'];
  return [
    '--test',
    // Node leaves one core idle by default; our tests mostly wait for PostgreSQL, which is never idle beside them.
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    `--test-timeout=${fileTimeoutMs}`,
    ...setup,
    ...reporter,
    ...flags,
    ...files,
  ];
}
