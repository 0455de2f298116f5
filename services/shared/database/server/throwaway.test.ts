import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { connect, serverProgram, startProgram } from './home-fixture.ts';
import { isAlive } from './processes.ts';
import { createThrowawayServer } from './throwaway.ts';
import { poll } from './wait.ts';

describe('a throwaway server', () => {
  it('several at once each have a port of their own, and go with all they had', async (t) => {
    const servers = await Promise.all([1, 2, 3].map(() => createThrowawayServer()));
    assert.equal(new Set(servers.map(({ port }) => port)).size, 3);
    for (const server of servers) {
      const client = await connect(t, server);
      assert.deepEqual((await client.query(`select current_setting('fsync') as fsync`)).rows, [
        { fsync: 'off' },
      ]);
    }
    const pids = servers.map(({ pid }) => pid ?? 0);
    await Promise.all(servers.map((server) => server.stop()));
    assert.ok(!pids.some(isAlive));
    assert.ok(!servers.some(({ dataDir }) => existsSync(dirname(dataDir))));
    await servers[0]?.stop();
  });

  it('takes settings, and comes back on the same port and data after being halted or killed', async (t) => {
    await using server = await createThrowawayServer({ settings: { max_connections: 12 } });
    const { port } = server;
    const client = await connect(t, server);
    await client.query('create table kept as select 1 as n');
    for (const mode of ['fast', 'immediate', 'kill'] as const) {
      await server.halt(mode);
      assert.equal(server.pid, undefined);
      await server.resume();
      const again = await connect(t, server);
      const { rows } = await again.query(
        `select n, current_setting('max_connections') as connections from kept`,
      );
      assert.deepEqual([rows, server.port], [[{ n: 1, connections: '12' }], port]);
    }
  });

  it('goes when its owner is killed with -9', async (t) => {
    const program = `const one = await server.createThrowawayServer(); console.log('at', one.dataDir, one.pid); setInterval(() => {}, 1000);`;
    const { child, line } = startProgram(t, serverProgram(program));
    const [, dataDir = '', pid] = await line(/at (\S+) (\d+)/);
    child.kill('SIGKILL');
    await once(child, 'close');
    const gone = await poll(
      () => (!existsSync(dirname(dataDir)) && !isAlive(Number(pid)) ? true : undefined),
      { timeoutMs: 20_000 },
    );
    assert.ok(gone, `${dataDir} or its server ${pid} is still there`);
  });

  it('does not hold its owner up: a program that forgets to stop it still ends', async (t) => {
    const { child, ended } = startProgram(t, serverProgram('await server.createThrowawayServer();'));
    await ended;
    assert.equal(child.exitCode, 0);
  });

  it('clears what a machine that went down left of an earlier one', async () => {
    // A pid that no process has, and a token that no process would have.
    const left = join(tmpdir(), 'qhub-throwaway-4194304-1-abandoned');
    mkdirSync(join(left, 'data'), { recursive: true });
    await using server = await createThrowawayServer();
    assert.ok(server.pid);
    assert.ok(!existsSync(left));
  });

  it('of another major than its programs are: both are named, and nothing is made', async () => {
    const before = ownFolders();
    await assert.rejects(createThrowawayServer({ major: 9 }), {
      code: 'database.server_binaries_missing',
      message: /PostgreSQL 9 in .* \(15\.\d+\)/,
    });
    assert.deepEqual(ownFolders(), before);
  });

  it('that does not start leaves nothing', async () => {
    const before = ownFolders();
    await assert.rejects(createThrowawayServer({ settings: { no_such_setting: 1 } }), {
      code: 'database.server_setting_invalid',
    });
    assert.deepEqual(ownFolders(), before);
  });
});

function ownFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`qhub-throwaway-${process.pid}-`));
}
