/**
 * Guarantee: whoever follows docs/operations.md line by line, also at three in the morning, sees what it shows. Its `docker`
 * lines run against a server here and not in a container: see test-compose.ts.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startTestServer, without } from '@quantum-hub/database/testing';
import type { TestFolder } from '../services/shared/database/testing/index.ts';
import { root } from '../tools/rooms.ts';
import { makeCheckout } from './test-checkout.ts';
import { composeLogin, fakeDocker, initialise } from './test-compose.ts';
import { isShown, play, stepsOf } from './test-page.ts';

const skip = without('psql', 'postgresql-client') || without('pg_dump', 'postgresql-client');
let checkout: TestFolder;
let servers: Awaited<ReturnType<typeof startTestServer>>[] = [];
before(async () => {
  if (skip) return;
  checkout = makeCheckout();
  servers = [await startTestServer(), await startTestServer()];
  for (const { host, port, adminUser, adminPassword } of servers) {
    const address = ['-h', host, '-p', String(port), '-U', adminUser, '-d', 'postgres'];
    const { status, stderr } = spawnSync(
      'psql',
      ['-X', ...address, ...initialise.flatMap((sql) => ['-c', sql])],
      {
        env: { ...process.env, PGPASSWORD: adminPassword },
        encoding: 'utf8',
      },
    );
    assert.equal(status, 0, stderr);
  }
});
after(async () => {
  for (const server of servers) await server.stop();
  checkout?.[Symbol.dispose]();
});

/** Someone with the Compose file's server and a new one beside it; `$NAME` and the like lie in a file that bash reads. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(POSTGRES_|DATABASE_URL|QHUB_|PG[A-Z]|INIT_CWD|npm_|NODE_TEST|GIT_)/.test(name),
  );
  const [live, fresh] = servers;
  assert.ok(live && fresh);
  const names = join(checkout.path, 'names.sh');
  writeFileSync(names, '');
  return {
    ...Object.fromEntries(kept),
    PATH: `${fakeDocker(checkout.path, live)}:${process.env.PATH}`,
    BASH_ENV: names,
    NEW_PORT: String(fresh.port),
    POSTGRES_HOST: live.host,
    POSTGRES_PORT: String(live.port),
    POSTGRES_DB: composeLogin.database,
    POSTGRES_USER: composeLogin.user,
    POSTGRES_PASSWORD: composeLogin.password,
    npm_config_loglevel: 'error',
    LC_ALL: 'C.UTF-8',
  };
}

test('every command of docs/operations.md prints what the page shows', { skip }, async (t) => {
  const steps = stepsOf(readFileSync(join(root, 'docs/operations.md'), 'utf8'));
  assert.ok(steps.length >= 20, `${steps.length} steps`);
  const env = environment();
  for (const step of steps) {
    if (step.kind !== 'run') throw new Error(`line ${step.line}: the page edits a file`);
    const start = performance.now();
    const printed = await play(step, checkout.path, env);
    t.diagnostic(`${Math.round(performance.now() - start)} ms: ${step.command}`);
    const where = `docs/operations.md:${step.line}: ${step.command}\nprinted:\n${printed}`;
    // `…` stands for any lines, but not for a failure.
    if (!step.shown?.includes('(exit code')) assert.doesNotMatch(printed, /^\(exit code/m, where);
    if (step.shown !== undefined)
      assert.ok(isShown(step.shown, printed), `${where}\nand the page shows:\n${step.shown}`);
  }
});
