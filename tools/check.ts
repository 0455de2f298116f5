// `npm run check`: runs every script of package.json whose name begins with `check:`. None stops the others,
// so that one run shows everything there is to mend. `npm run check -- types walls` runs only these.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './rooms.ts';

interface Outcome {
  passed: boolean;
  output: string;
  durationMs: number;
}

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const prefix = 'check:';
const known = Object.keys(scripts).filter((name) => name.startsWith(prefix));

process.exitCode = (await check(process.argv.slice(2))) ? 0 : 1;

/** Runs the checks that `names` choose, without one all of them, and tells whether they passed. */
async function check(names: readonly string[]): Promise<boolean> {
  const chosen = names.length === 0 ? known : names.map((name) => prefix + name);
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`no such check: ${short(unknown)}; there are ${short(known)}\n`);
    return false;
  }
  const failed: string[] = [];
  for (const name of chosen) {
    const outcome = await run(scripts[name] ?? '');
    process.stdout.write(report(name, outcome));
    if (!outcome.passed) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? 'check passed\n' : `check failed: ${short(failed)}\n`);
  return failed.length === 0;
}

function run(command: string): Promise<Outcome> {
  const started = performance.now();
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const child = spawn(command, {
    cwd: root,
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    shell: true,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ passed: code === 0, output, durationMs: performance.now() - started }),
    );
  });
}

/** One line for a check that passed; above it, for one that failed, all that it said. */
function report(name: string, { passed, output, durationMs }: Outcome): string {
  const seconds = (durationMs / 1000).toFixed(1).padStart(5);
  const lastLine = output.trim().split('\n').at(-1) ?? '';
  const line = `${passed ? 'ok    ' : 'FAILED'} ${short([name]).padEnd(10)} ${seconds} s`;
  return passed
    ? `${`${line}  ${lastLine}`.trimEnd()}\n`
    : `${output.trimEnd()}\n${line}  (${scripts[name]})\n`;
}

function short(names: readonly string[]): string {
  return names.map((name) => name.slice(prefix.length)).join(', ');
}
