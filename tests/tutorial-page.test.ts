/** Guarantee: whoever follows docs/tutorial.md line by line gets from a checkout to a result, and sees what it shows. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { without } from '@quantum-hub/database/testing';
import type { TestFolder } from '../services/shared/database/testing/index.ts';
import { root } from '../tools/rooms.ts';
import { makeCheckout } from './test-checkout.ts';
import { isShown, play, type Step, stepsOf } from './test-page.ts';

const skip = without('curl', 'curl') || without('script', 'bsdutils');
/** What the page says, and a test takes a free port in place of. */
const pageUrl = 'http://127.0.0.1:8080';

let checkout: TestFolder;
let hub: ChildProcess | undefined;
before(() => {
  if (!skip) checkout = makeCheckout();
});
after(async () => {
  if (hub && hub.exitCode === null) {
    // Ctrl-C on its terminal, as a person stops it.
    const closed = once(hub, 'close');
    hub.stdin?.write('\x03');
    await closed;
  }
  checkout?.[Symbol.dispose]();
});

/** A newcomer on a machine where nothing is set; names that the page exports lie in a file that every bash reads. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(POSTGRES_|DATABASE_URL|QHUB_|PG[A-Z]|INIT_CWD|npm_|NODE_TEST|GIT_|XDG_)/.test(name),
  );
  const names = join(checkout.path, 'names.sh');
  writeFileSync(names, '');
  return {
    ...Object.fromEntries(kept),
    BASH_ENV: names,
    XDG_CONFIG_HOME: join(checkout.path, 'config'),
    QHUB_HTTP_PORT: '0',
    npm_config_loglevel: 'error',
    LC_ALL: 'C.UTF-8',
  };
}

/** The hub on a terminal of its own; gives what it says until it is up. The packages are there: `npm ci` is not played. */
async function startHub(env: NodeJS.ProcessEnv): Promise<string> {
  const command = `exec '${process.execPath}' apps/hub/start.js`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: checkout.path, env });
  hub = child;
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (/Ctrl-C stops it\.\r?\n/.test(said)) break;
  }
  child.stdout.resume();
  return said.replaceAll('\r', '');
}

async function printedBy(step: Step & { kind: 'run' }, env: NodeJS.ProcessEnv): Promise<string> {
  const names = env.BASH_ENV as string;
  const [, exported] = /^export (\w+)=/.exec(step.command) ?? [];
  if (exported) {
    const command = `${step.command}; declare -p ${exported} >> '${names}'`;
    return await play({ ...step, command }, checkout.path, env);
  }
  if (step.command.startsWith('unset ')) appendFileSync(names, `${step.command}\n`);
  return await play(step, checkout.path, env);
}

test('every command of docs/tutorial.md prints what the page shows', { skip }, async (t) => {
  const env = environment();
  const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8');
  const [first, ...others] = stepsOf(page);
  assert.ok(first?.kind === 'run' && first.command === 'npm ci && npm start');
  assert.ok(others.length >= 20, `${others.length} steps`);
  const started = await startHub(env);
  const url = /Hub +(http:\/\/127\.0\.0\.1:\d+)/.exec(started)?.[1];
  assert.ok(url, started);
  assert.ok(isShown(first.shown ?? '', started.replaceAll(url, pageUrl)), `the hub said\n${started}`);

  appendFileSync(env.BASH_ENV as string, `export QHUB_URL=${url}\n`);
  for (const step of others) {
    if (step.kind !== 'run') throw new Error(`line ${step.line}: the page edits a file`);
    const start = performance.now();
    const said = await printedBy({ ...step, command: step.command.replaceAll(pageUrl, url) }, env);
    // On a machine that is busy with other tests a job may start late, and then the command says what it waits for.
    const printed = said.replaceAll(/^it waits: .*\n/gm, '');
    t.diagnostic(`${Math.round(performance.now() - start)} ms: ${step.command}`);
    const where = `docs/tutorial.md:${step.line}: ${step.command}\nprinted:\n${printed}`;
    if (!step.shown?.includes('(exit code')) assert.doesNotMatch(printed, /^\(exit code/m, where);
    const same = isShown(step.shown ?? '', printed.replaceAll(url, pageUrl));
    assert.ok(same, `${where}\nand the page shows:\n${step.shown}`);
  }
});
