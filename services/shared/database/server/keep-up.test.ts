/** Guarantee: an embedded server that died is up again within seconds, at the same port; one that somebody stopped stays down. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { ADMIN_PASSWORD_FILE } from './administrator.ts';
import { borrowServer, type RunningServer, startServer, stopServer } from './embedded-server.ts';
import { connect, makeFilledHome } from './home-fixture.ts';
import { keepServerUp } from './keep-up.ts';
import { freePort } from './ports.ts';
import { isAlive } from './processes.ts';
import { serverStatus } from './status.ts';
import { locked } from './under-lock.ts';
import { poll } from './wait.ts';

interface Keeping {
  /** All that was said, in order. */
  readonly said: string[];
  /** Waits for the sentence number `from` or a later one that matches. */
  heard(pattern: RegExp, from?: number): Promise<string>;
}

/** Keeps the server up for the length of the test. */
function keep(t: TestContext, home: string, { port }: { port: number }, longestPauseMs?: number): Keeping {
  const said: string[] = [];
  const news = new EventTarget();
  const log = (line: string, level: string) => {
    said.push(`${level}: ${line}`);
    news.dispatchEvent(new Event('line'));
  };
  const keeper = keepServerUp({ home, port, log, everyMs: 20, longestPauseMs });
  t.after(() => keeper[Symbol.asyncDispose]());
  const heard = async (pattern: RegExp, from = 0) => {
    for (;;) {
      const found = said.slice(from).find((line) => pattern.test(line));
      if (found !== undefined) return found;
      await once(news, 'line');
    }
  };
  return { said, heard };
}

/** Not on one of the ports that other tests' servers take as soon as this one is down. */
async function start(home: string, port?: number): Promise<RunningServer> {
  return await startServer({ home, port: port ?? (await freePort()) });
}

async function kill(home: string): Promise<void> {
  const { pid = 0 } = serverStatus({ home });
  process.kill(pid, 'SIGKILL');
  await poll(() => (isAlive(pid) ? undefined : true), { timeoutMs: 60_000 });
}

async function answers(t: TestContext, server: RunningServer): Promise<boolean> {
  const client = await connect(t, server);
  const { rows } = await client.query('select 1 as one');
  return rows[0].one === 1;
}

describe('a server that is kept up', () => {
  it('and killed again and again is there again at its port, and stays beyond its users as it did before', async (t) => {
    const home = await makeFilledHome(t);
    const server = await start(home);
    const { said, heard } = keep(t, home, server, 40);
    for (let round = 0; round < 3; round += 1) {
      const before = said.length;
      await kill(home);
      await heard(/^warn: .* ended without being told to/, before);
      await heard(/^info: The embedded PostgreSQL is up again/, before);
      assert.ok(await answers(t, server));
    }
    assert.equal(serverStatus({ home }).kept, true);
    assert.equal(said.length, 6, said.join('\n'));
  });

  it('by several processes is started by one of them', async (t) => {
    const home = await makeFilledHome(t);
    await using server = await borrowServer({ home, port: await freePort() });
    const keepers = [keep(t, home, server), keep(t, home, server), keep(t, home, server)];
    await kill(home);
    await Promise.all(keepers.map(({ heard }) => heard(/is up again/)));
    const starts = keepers.filter(({ said }) => said.some((line) => /It is started again/.test(line)));
    assert.equal(starts.length, 1);
    assert.ok(await answers(t, server));
  });

  for (const [who, stop] of [
    ['a command', async (home: string) => void (await stopServer({ home }))],
    ['the system or pg_ctl', async (home: string) => process.kill(serverStatus({ home }).pid ?? 0, 'SIGINT')],
  ] as const) {
    it(`and stopped by ${who} is left alone until somebody starts it, and then kept up again`, async (t) => {
      const home = await makeFilledHome(t);
      const server = await start(home);
      const { said, heard } = keep(t, home, server);
      await stop(home);
      await heard(
        /^warn: .* was stopped\. It is not started again from here; `npx qhub db server start` does/,
      );
      assert.equal(serverStatus({ home }).state, 'stopped');
      await start(home, server.port);
      await heard(/is up again/);
      await kill(home);
      await heard(/is up again/, said.length);
      assert.deepEqual(said.filter((line) => /was stopped/.test(line)).length, 1, said.join('\n'));
    });
  }

  it('and that was dead when somebody stopped it stays down', async (t) => {
    const home = await makeFilledHome(t);
    const server = await start(home);
    await kill(home);
    assert.deepEqual(await stopServer({ home }), { stopped: false, users: [] });
    const { heard, said } = keep(t, home, server);
    await heard(/was stopped/);
    assert.deepEqual([said.length, serverStatus({ home }).state], [1, 'stopped']);
  });

  it('is not touched while another command holds it down', async (t) => {
    const home = await makeFilledHome(t);
    const server = await start(home);
    const { said, heard } = keep(t, home, server);
    await locked({ home }, async () => {
      await kill(home);
      // As long as a keeper that did not mind the lock would need to say that it begins.
      const begun = await poll(() => (said.length > 0 ? true : undefined), { timeoutMs: 300 });
      assert.equal(begun, undefined, said.join('\n'));
    });
    await heard(/is up again/);
  });

  it('and does not start is tried again with pauses that grow, each told with its reason, until it does', async (t) => {
    const home = await makeFilledHome(t);
    const server = await start(home);
    const settings = join(server.dataDir, 'postgresql.auto.conf');
    writeFileSync(settings, 'no_such_setting = 1\n');
    const { said, heard } = keep(t, home, server, 200);
    await kill(home);
    const failed = /^error: .* could not be started again, next try in 1 s: .*no_such_setting/;
    for (let tries = 1; tries <= 3; tries += 1) {
      await heard(failed, tries);
    }
    writeFileSync(settings, '');
    await heard(/is up again/);
    assert.ok(await answers(t, server));
    assert.equal(said.filter((line) => /ended without being told/.test(line)).length, 1, said.join('\n'));
  });

  it('and was shut down by a start of ours that failed late is not taken for one that somebody stopped', async (t) => {
    const home = await makeFilledHome(t);
    const server = await start(home);
    const { heard, said } = keep(t, home, server, 200);
    const password = join(home, ADMIN_PASSWORD_FILE);
    const right = readFileSync(password);
    writeFileSync(password, 'wrong\n');
    await kill(home);
    await heard(/could not be started again/);
    await heard(/could not be started again/, said.length);
    writeFileSync(password, right);
    await heard(/is up again/);
    assert.ok(await answers(t, server));
  });

  it('is not started at another port, where nobody would find it', async (t) => {
    const home = await makeFilledHome(t);
    const server = await start(home);
    const { heard } = keep(t, home, server, 200);
    const other = createServer();
    t.after(() => other.close());
    await locked({ home }, async () => {
      await kill(home);
      await once(other.listen(server.port, '127.0.0.1'), 'listening');
    });
    assert.match(await heard(/could not be started/), new RegExp(`port ${server.port} cannot be used`));
    other.close();
    await heard(/is up again/);
    assert.ok(await answers(t, server));
  });
});
