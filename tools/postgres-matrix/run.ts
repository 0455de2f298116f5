// `npm run test:postgres-matrix [-- --major 16] [--everyday] [-- folder]`: the database suite on every PostgreSQL that we promise;
// `--everyday` leaves out what `npm test` leaves out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../rooms.ts';
import { slowTests } from '../run-tests/arguments.ts';
import { install, type Major, readMajors } from './majors.ts';

interface Result {
  major: string;
  passed: number;
  failed: number;
  seconds: number;
  isPassed: boolean;
}

const suite = 'services/shared/database';

/** What is about the installed PostgreSQL, or about SQL as text, and would do the same five times. */
const sameEverywhere = [
  'server/',
  'migrations/create-migration',
  'migrations/lint/',
  'models/describe-tables',
].map((path) => `${suite}/${path}`);

/** They need pg_dump and pg_basebackup of the server's major, and one major of these is installed. */
const needPrograms = ['backup/', 'setup/backup-upkeep', 'setup/dry-run-backup'].map(
  (path) => `${suite}/${path}`,
);
/** This one takes backups from major to major with what is installed. */
const fromMajorToMajor = `${suite}/backup/majors.test.ts`;

function suiteFiles({ everyday }: { readonly everyday: boolean }): string[] {
  const left = [...sameEverywhere, ...needPrograms];
  return globSync(`${suite}/**/*.test.ts`, { cwd: root }).filter((file) => {
    if (everyday && slowTests.includes(file)) return false;
    return file === fromMajorToMajor || !left.some((path) => file.startsWith(path));
  });
}

/** Goes along with each suite: without it five runs on the everyday server would look like a passed matrix. */
const proof = 'tools/postgres-matrix/server-version.test.ts';

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

/** Runs the majors that `--major` names (all without it), prints the table and returns the exit code. */
async function run(args: string[]): Promise<number> {
  const options = { major: { type: 'string', multiple: true }, everyday: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { everyday = false } = values;
  const chosen = choose(readMajors(), values.major ?? []);
  install(chosen);
  const results: Result[] = [];
  for (const major of chosen)
    results.push(await runOn(major, positionals.length === 0 ? suiteFiles({ everyday }) : positionals));
  process.stdout.write(`${table(results)}\n`);
  return results.every(({ isPassed }) => isPassed) ? 0 : 1;
}

function choose(majors: Major[], wanted: string[]): Major[] {
  const unknown = wanted.filter((name) => majors.every(({ major }) => major !== name));
  if (unknown.length > 0) {
    throw new Error(
      `no PostgreSQL ${unknown.join(', ')} in the matrix; it has ${majors.map(({ major }) => major).join(', ')}`,
    );
  }
  return majors.filter(({ major }) => wanted.length === 0 || wanted.includes(major));
}

async function runOn({ major, version, bin }: Major, suites: readonly string[]): Promise<Result> {
  process.stdout.write(`PostgreSQL ${version}: ${suites.length} suites\n`);
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'tools/run-tests.js'), ...suites, proof], {
    cwd: root,
    // The third makes scratch servers of the same major, as they would be beside a server of an operator's.
    env: { ...process.env, QHUB_TEST_PG_BIN: bin, QHUB_TEST_PG_MAJOR: major, QHUB_POSTGRES_BIN: bin },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  const passed = count(output, 'pass');
  const isPassed = code === 0 && passed > 0;
  if (!isPassed) process.stdout.write(output);
  const seconds = (performance.now() - started) / 1000;
  return { major, passed, failed: count(output, 'fail'), seconds, isPassed };
}

/** A figure of the closing lines of node's test runner. */
function count(output: string, figure: 'pass' | 'fail'): number {
  return Number(output.match(new RegExp(`^ℹ ${figure} (\\d+)$`, 'm'))?.[1] ?? 0);
}

function table(results: readonly Result[]): string {
  const head = 'PostgreSQL  passed  failed  seconds';
  const rows = results.map(({ major, passed, failed, seconds, isPassed }) => {
    const figures = [
      major.padStart(10),
      `${passed}`.padStart(6),
      `${failed}`.padStart(6),
      seconds.toFixed(1).padStart(7),
    ];
    return `${figures.join('  ')}  ${isPassed ? 'passed' : 'FAILED'}`;
  });
  return [head, ...rows].join('\n');
}
