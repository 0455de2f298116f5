import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { type TestFolder, testFolder } from '@quantum-hub/database/testing';
import { bin, plainEnvironment, qhub, type Run } from './test-qhub.ts';

let folder: TestFolder;
let home: string;

before(() => {
  folder = testFolder("qhub's home ");
  home = join(folder.path, 'home');
});
after(async () => {
  await run('server', 'stop');
  folder[Symbol.dispose]();
});

/** What is said on the way: who waits for whom, and that another program has the port of the last start. */
const progress = /^(Waiting for another command|Port \d+ is taken) .*\n/gm;

const env = () => ({ QHUB_HOME: home });

async function run(...args: string[]): Promise<Run> {
  return await qhub(['db', ...args], { env: env() });
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

async function sql(text: string, ...args: string[]): Promise<Run> {
  return await qhub(['db', 'psql', ...args], { env: env(), input: text });
}

test('where there never was a database, a command says how to get one and leaves no trace', async () => {
  for (const args of [['health'], ['psql'], ['migration', 'up'], ['partitions', 'create']]) {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^qhub: there is no database in .* yet; run `npm start`, which makes one\n$/);
  }
  const status = await run('server', 'status');
  assert.equal(status.code, 0);
  assert.match(status.stdout, /^There is no embedded PostgreSQL in .* yet/);
  assert.equal(statSync(home, { throwIfNoEntry: false }), undefined);
});

test('a command starts the server for its duration and stops it again; the data stays', async () => {
  assert.equal((await json('provision')).created, true);
  assert.equal((await json('server', 'status')).state, 'stopped');
  assert.ok((await json('migration', 'up')).migrations.length > 0);
  assert.equal((await json('health')).ok, true);
  const { code, stdout } = await sql('select name from platforms', '--as', 'execution');
  assert.equal(code, 0);
  assert.match(stdout, /local/);
  assert.equal((await json('server', 'status')).state, 'stopped');
});

test('several commands at once share one server, and the last one stops it', async () => {
  const runs = await Promise.all(Array.from({ length: 5 }, () => sql('select pg_postmaster_start_time();')));
  assert.deepEqual(
    runs.map(({ code, stderr }) => ({
      code,
      stderr: stderr.replace(progress, ''),
    })),
    runs.map(() => ({ code: 0, stderr: '' })),
  );
  assert.equal((await json('server', 'status')).state, 'stopped');
});

test('a started server stays for later commands, shows its users, and stops when told', async () => {
  const started = await json('server', 'start');
  assert.equal(started.startedHere, true);
  assert.equal(started.state, 'running');
  assert.equal((await json('server', 'start')).startedHere, false);
  assert.equal((await json('health')).ok, true);
  const { state, kept, pid } = await json('server', 'status');
  assert.deepEqual({ state, kept, pid }, { state: 'running', kept: true, pid: started.pid });
  assert.match((await run('server', 'status')).stdout, /is running\.\n {2}address +127\.0\.0\.1:\d+\n/);
  assert.equal((await json('server', 'stop')).stopped, true);
  assert.equal((await json('server', 'stop')).stopped, false);
});

test('passwords lie in files that only their owner may read, and no output shows them', async () => {
  const secrets = ['admin-password', 'application-password'].map((file) => {
    assert.equal(statSync(join(home, file)).mode & 0o777, 0o600);
    return readFileSync(join(home, file), 'utf8').trim();
  });
  const runs = await Promise.all([
    run('health', '--json'),
    run('server', 'status', '--json'),
    run('provision'),
  ]);
  const output = runs.map(({ stdout, stderr }) => stdout + stderr).join('');
  for (const secret of secrets) assert.equal(output.includes(secret), false);
});

test('a password whose file was lost is set anew by provisioning', async () => {
  rmSync(join(home, 'application-password'));
  assert.match((await sql('select 1')).stderr, /there is no database in .* yet|npx qhub db provision/);
  assert.equal((await run('provision')).code, 0);
  assert.match((await sql('select 41 + 1')).stdout, /42/);
});

test('two provisionings at once of a new home agree on one password', async () => {
  const other = { QHUB_HOME: join(folder.path, 'another home') };
  const provision = () => qhub(['db', 'provision', '--json'], { env: other });
  const runs = await Promise.all([provision(), provision()]);
  assert.deepEqual(
    runs.map(({ code, stderr }) => ({ code, stderr })),
    runs.map(() => ({ code: 0, stderr: '' })),
  );
  const { code, stderr } = await qhub(['db', 'psql'], { env: other, input: 'select 1;' });
  assert.deepEqual({ code, stderr: stderr.replace(progress, '') }, { code: 0, stderr: '' });
});

test('Ctrl-C ends a command with 130, and the server that it started goes down with it', async () => {
  // Held up by the lock of a session that we keep open, so that the signal finds the command at work.
  const blocker = spawn(process.execPath, [bin, 'db', 'psql', '--admin'], { env: plainEnvironment(env()) });
  blocker.stdin.write("select pg_advisory_lock(7000100); select 'locked' as state;\n");
  for await (const line of createInterface({ input: blocker.stdout })) if (/locked/.test(line)) break;
  try {
    const { code, said } = await interruptedAtWork();
    assert.deepEqual(
      { code, said: said.replace(progress, '') },
      { code: 130, said: 'qhub: interrupted by SIGINT\n' },
    );
  } finally {
    blocker.stdin.end();
    await once(blocker, 'close');
  }
  assert.equal((await json('server', 'status')).state, 'stopped');
});

async function interruptedAtWork(): Promise<{ code: number; said: string }> {
  const command = spawn(process.execPath, [bin, 'db', 'partitions', 'create', '--months-ahead', '20'], {
    env: plainEnvironment(env()),
  });
  let said = '';
  command.stderr.on('data', (chunk) => (said += chunk));
  const closed = once(command, 'close');
  // The command asks for the lock again and again, instead of waiting in a statement: that it is connected can be seen at any time.
  const held = `select 'held up' from pg_stat_activity where application_name like '%qhub-db-partitions%';`;
  while (!(await sql(held, '--admin')).stdout.includes('held up')) assert.equal(command.exitCode, null, said);
  command.kill('SIGINT');
  const [code] = await closed;
  return { code, said };
}
