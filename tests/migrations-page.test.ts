/** Guarantee: whoever follows docs/migrations.md line by line, and then its reference, sees what they show. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase, without } from '@quantum-hub/database/testing';
import type { TestFolder } from '../services/shared/database/testing/index.ts';
import { root } from '../tools/rooms.ts';
import { makeCheckout } from './test-checkout.ts';
import { isShown, play, stepsOf } from './test-page.ts';

const database = `page_${randomUUID().replaceAll('-', '')}`;
const skip = without('psql', 'postgresql-client') || without('git', 'git');
let checkout: TestFolder;
let template: TestDatabase;
before(async () => {
  checkout = makeCheckout();
  template = await createTestDatabase();
});
after(async () => {
  await template.admin.query(`drop database if exists ${database} with (force)`);
  await template[Symbol.asyncDispose]();
  checkout[Symbol.dispose]();
});

/** Someone with a server of their own, who is its administrator for psql. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(POSTGRES_|DATABASE_URL|QHUB_|PG[A-Z]|INIT_CWD|npm_|NODE_TEST|GIT_)/.test(name),
  );
  const { host, port, user, password } = template.administrator;
  return {
    ...Object.fromEntries(kept),
    POSTGRES_HOST: host,
    POSTGRES_PORT: String(port),
    POSTGRES_DB: database,
    POSTGRES_USER: template.application.user,
    POSTGRES_PASSWORD: template.application.password,
    POSTGRES_ADMIN_USER: user,
    POSTGRES_ADMIN_PASSWORD: password,
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    PGPASSWORD: password,
    // Someone's own settings of npm may make it talk.
    npm_config_loglevel: 'error',
    LC_ALL: 'C.UTF-8',
  };
}

/** The second goes on where the first ends. */
const pages = ['docs/migrations.md', 'docs/migrations-reference.md'];

test('every command of the pages about migrations prints what they show', { skip }, async (t) => {
  const steps = pages.flatMap((page) =>
    stepsOf(readFileSync(join(root, page), 'utf8')).map((step) => ({ ...step, page })),
  );
  assert.ok(steps.length >= 30, `${steps.length} steps`);
  for (const { page, ...step } of steps) {
    const start = performance.now();
    const printed = await play(step, checkout.path, environment());
    if (step.kind !== 'run') continue;
    t.diagnostic(`${Math.round(performance.now() - start)} ms: ${step.command}`);
    const where = `${page}:${step.line}: ${step.command}\nprinted:\n${printed}`;
    if (step.shown === undefined) assert.doesNotMatch(printed, /^\(exit code/m, where);
    else assert.ok(isShown(step.shown, printed), `${where}\nand the page shows:\n${step.shown}`);
  }
});
