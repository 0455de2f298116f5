import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { root } from '../tools/rooms.ts';

/** What the tests of this file share: a folder of their own, as if it were a fresh checkout's. */
let home: string;
const running = new Set<HubProcess>();

before(() => {
  home = mkdtempSync(join(tmpdir(), 'qhub-newcomer-'));
  // As root the server runs as another user, who has to pass here; else the data would lie in /var/lib.
  chmodSync(home, 0o711);
});
after(async () => {
  for (const hub of running) hub.kill();
  await qhub(['db', 'server', 'stop']);
  rmSync(home, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(POSTGRES_|DATABASE_URL|QHUB_|PG[A-Z]|INIT_CWD|npm_|NODE_TEST)/.test(name),
  );
  return { ...Object.fromEntries(kept), QHUB_HOME: join(home, 'home'), QHUB_HTTP_PORT: '0' };
}

/** `npm start` as a person runs it: on a terminal of its own, where Ctrl-C is a key. */
class HubProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  #said = '';
  #onSaid = () => {};

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, 'close').then(([code]) => {
      running.delete(this);
      this.#onSaid();
      return code;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#said += chunk;
        this.#onSaid();
      });
    }
    running.add(this);
  }

  /** Waits until it has said this; fails with all that was said when it ends before. */
  async says(expected: RegExp): Promise<string> {
    while (!expected.test(this.#said)) {
      assert.ok(running.has(this), `it ended without saying ${expected}:\n${this.#said}`);
      await new Promise<void>((done) => {
        this.#onSaid = done;
      });
    }
    return this.#said.replaceAll('\r', '');
  }

  async ends(): Promise<{ code: number | null; said: string }> {
    const code = await this.#closed;
    return { code, said: this.#said.replaceAll('\r', '') };
  }

  pressCtrlC(): void {
    this.#child.stdin?.write('\x03');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const hasTerminal = spawnSync('script', ['--version']).status === 0;
const skip =
  hasTerminal || process.env.CI ? false : 'there is no `script` (Debian: bsdutils) to make a terminal';

function start(command = 'npm start'): HubProcess {
  return new HubProcess(spawn('script', ['-qec', command, '/dev/null'], { cwd: root, env: environment() }));
}

const ready = /Ctrl-C stops it\./;

async function qhub(args: readonly string[], input = ''): Promise<{ code: number; stdout: string }> {
  const child = spawn('npx', ['qhub', ...args], { cwd: root, env: environment() });
  child.stdin.end(input);
  const closed = once(child, 'close');
  const stdout = await text(child.stdout);
  const [code] = await closed;
  return { code, stdout };
}

async function status(): Promise<{ state: string; users: { pid: number; purpose: string }[] }> {
  return JSON.parse((await qhub(['db', 'server', 'status', '--json'])).stdout);
}

/** Leaves a mark in the database, as the administrator; finds it again. */
const leaveMark =
  "create table if not exists public.mark (word text); insert into public.mark values ('kept');";
const findMark = 'select word from public.mark;';

test('npm start brings a hub up that another terminal can ask, and Ctrl-C stops it and its server', {
  skip,
}, async () => {
  const hub = start();
  const said = await hub.says(ready);
  assert.match(said, /Server +127\.0\.0\.1:\d+, embedded PostgreSQL 15\.\d+, started now\n/);
  assert.match(said, /Prepared +a new database, \d+ migrations applied, \d+ partitions made\n/);
  const password = readFileSync(join(home, 'home/application-password'), 'utf8').trim();
  assert.equal(said.includes(password), false);
  assert.equal(said.match(/qh_live_\w+/g)?.length, 1, 'the key of the administrator');

  const platforms = await qhub(['db', 'psql', '--as', 'execution'], 'select name from platforms;');
  assert.deepEqual([platforms.code, /\n local/.test(platforms.stdout)], [0, true]);
  assert.equal((await qhub(['db', 'psql', '--admin'], leaveMark)).code, 0);

  hub.pressCtrlC();
  const { said: last } = await hub.ends();
  assert.match(last, /Ctrl-C: finishing what is in flight; once more stops at once\.\n/);
  assert.match(last, /Quantum Hub and its PostgreSQL were stopped; the data is kept\.\n/);
  assert.equal((await status()).state, 'stopped');
});

test('the next start finds the data again, and ends with exit code 0', { skip }, async () => {
  const hub = start(`exec ${process.execPath} apps/hub/start.js`);
  const said = await hub.says(ready);
  assert.match(said, /Prepared +migrations up to date, partitions up to date\n/);
  assert.doesNotMatch(said, /qh_live_/);
  assert.match((await qhub(['db', 'psql', '--admin'], findMark)).stdout, /kept/);
  hub.pressCtrlC();
  assert.equal((await hub.ends()).code, 0);
});

test('a second npm start says that the hub runs already and where; of two at once one comes up', {
  skip,
}, async () => {
  const both = [start(), start()];
  const first = await Promise.any(both.map((hub) => hub.says(ready).then(() => hub)));
  const second = both.find((hub) => hub !== first) as HubProcess;
  const { code, said } = await second.ends();
  assert.equal(code, 1);
  assert.match(
    said,
    /Quantum Hub did not start: Quantum Hub is running already for .*; use it, or stop it with Ctrl-C/,
  );

  const third = await start().ends();
  assert.equal(third.code, 1);
  assert.match(
    third.said,
    /is running already for .* \(process \d+\), its database at 127\.0\.0\.1:\d+; use it/,
  );
  first.pressCtrlC();
  await first.ends();
  assert.equal((await status()).state, 'stopped');
});

test('after kill -9 of the hub the next start takes over its server, with every row', { skip }, async () => {
  const hub = start();
  await hub.says(ready);
  const [user] = (await status()).users;
  assert.equal(user?.purpose, 'npm start');
  process.kill(user?.pid ?? 0, 'SIGKILL');
  await hub.ends();
  assert.deepEqual(await status().then(({ state, users }) => ({ state, users })), {
    state: 'running',
    users: [],
  });

  const next = start();
  assert.match(await next.says(ready), /was up already\n/);
  assert.match((await qhub(['db', 'psql', '--admin'], findMark)).stdout, /kept/);
  next.pressCtrlC();
  await next.ends();
  assert.equal((await status()).state, 'stopped');
});

test('a server that was started to stay outlives the hub', { skip }, async () => {
  assert.equal((await qhub(['db', 'server', 'start'])).code, 0);
  const hub = start();
  await hub.says(ready);
  hub.pressCtrlC();
  assert.match(
    (await hub.ends()).said,
    /Quantum Hub was stopped; its PostgreSQL goes on until `npx qhub db server stop`\./,
  );
  assert.equal((await status()).state, 'running');
  assert.equal((await qhub(['db', 'server', 'stop'])).code, 0);
});
