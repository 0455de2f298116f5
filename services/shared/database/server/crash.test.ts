import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { serverAccount } from './account.ts';
import { borrowServer, startServer } from './embedded-server.ts';
import { connect, makeFilledHome } from './home-fixture.ts';
import { isAlive, serverProcessesIn } from './processes.ts';
import { serverStatus } from './status.ts';
import { poll } from './wait.ts';

async function killServer(home: string): Promise<void> {
  const { pid = 0 } = serverStatus({ home });
  process.kill(pid, 'SIGKILL');
  await poll(() => (isAlive(pid) ? undefined : true), { timeoutMs: 10_000 });
}

/** A living process of the server's own user that has nothing to do with PostgreSQL. */
async function bystander(t: TestContext): Promise<number> {
  const child = spawn('/bin/cat', { ...serverAccount(), cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  t.after(() => child.kill('SIGKILL'));
  return child.pid ?? 0;
}

/** A process of the server's own user that has ended and that nobody reaps. */
async function zombie(t: TestContext): Promise<number> {
  const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec cat'], {
    ...serverAccount(),
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.after(() => parent.kill('SIGKILL'));
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  await poll(() => (isAlive(pid) ? undefined : true), { timeoutMs: 60_000 });
  return pid;
}

describe('a server of which one process was killed', () => {
  it('recovers by itself; who comes meanwhile waits for it instead of being told that it does not start', async (t) => {
    const home = await makeFilledHome(t);
    const server = await startServer({ home });
    const [victim, witness] = [await connect(t, server), await connect(t, server)];
    // To be done again, so that the recovery takes long enough to be met.
    await victim.query('create table bulk as select generate_series(1, 1000000) as number');
    const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
    const noticed = new Promise((resolve) => witness.once('end', resolve));
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    // The postmaster sends everybody away before it begins.
    await noticed;
    await using again = await borrowServer({ home });
    assert.equal(again.startedHere, false);
    const reader = await connect(t, again);
    const { rows: counted } = await reader.query('select count(*)::int as count from bulk');
    assert.deepEqual(counted, [{ count: 1_000_000 }]);
  });
});

describe('a server killed with -9', () => {
  it('in the middle of writes: everything acknowledged is there after the next start', async (t) => {
    const home = await makeFilledHome(t);
    const server = await startServer({ home });
    const writers = await Promise.all(Array.from({ length: 3 }, () => connect(t, server)));
    await writers[0]?.query('create table written (writer int, number int)');
    const acknowledged = writers.map(() => 0);
    const enough = Promise.withResolvers<void>();
    const streams = writers.map(async (client, writer) => {
      for (let number = 1; ; number++) {
        await client.query('insert into written values ($1, $2)', [writer, number]);
        acknowledged[writer] = number;
        if (Math.min(...acknowledged) >= 200) enough.resolve();
      }
    });
    const cut = Promise.allSettled(streams);
    await enough.promise;
    await killServer(home);
    assert.ok(
      (await cut).every(({ status }) => status === 'rejected'),
      'every writer was cut in its work',
    );
    assert.equal(serverStatus({ home }).state, 'stopped');
    await using again = await borrowServer({ home });
    assert.equal(again.startedHere, true);
    const reader = await connect(t, again);
    const { rows } = await reader.query<{ writer: number; last: number; count: number }>(
      'select writer, max(number) as last, count(*)::int as count from written group by writer order by writer',
    );
    for (const { writer, last, count } of rows) {
      assert.equal(count, last, 'no hole');
      // The one insert in flight may have been committed without its answer reaching us.
      assert.ok(
        last === acknowledged[writer] || last === (acknowledged[writer] ?? 0) + 1,
        `writer ${writer}: ${last}`,
      );
    }
    assert.equal(rows.length, writers.length);
  });

  it('its stale postmaster.pid does not bar the way, even when another process of that user has got the pid', async (t) => {
    const home = await makeFilledHome(t);
    const { dataDir } = await startServer({ home });
    await killServer(home);
    const innocent = await bystander(t);
    const file = join(dataDir, 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(innocent)));
    assert.equal(serverStatus({ home }).state, 'stopped');
    await using again = await borrowServer({ home });
    assert.equal(again.startedHere, true);
    assert.ok(isAlive(innocent), 'the process with the reused pid was left alone');
  });

  it('nor when that process is dead and nobody has reaped it', {
    skip: process.platform !== 'linux' && 'needs /proc',
  }, async (t) => {
    const home = await makeFilledHome(t);
    const { dataDir } = await startServer({ home });
    await killServer(home);
    const file = join(dataDir, 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(await zombie(t))));
    await using again = await borrowServer({ home });
    assert.equal(again.startedHere, true);
  });

  it('an empty postmaster.pid, as a power cut leaves it, does not bar the way', async (t) => {
    const home = await makeFilledHome(t);
    writeFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), '');
    await using server = await borrowServer({ home });
    assert.equal(server.startedHere, true);
  });

  it('a backend that lives on in a long query is ended before the next start', {
    skip: process.platform !== 'linux' && 'needs /proc',
  }, async (t) => {
    const home = await makeFilledHome(t);
    const server = await startServer({ home });
    const client = await connect(t, server);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const orphan = rows[0]?.pid ?? 0;
    // Busy with the processor, it does not notice that its postmaster is gone.
    const cut = assert.rejects(client.query('do $$ begin loop end loop; end $$'));
    await killServer(home);
    await poll(() => (serverProcessesIn(server.dataDir).join() === String(orphan) ? true : undefined), {
      timeoutMs: 10_000,
    });
    assert.ok(isAlive(orphan));
    await using again = await borrowServer({ home });
    assert.equal(again.startedHere, true);
    assert.ok(!isAlive(orphan));
    await cut;
  });
});
