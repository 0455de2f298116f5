import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { borrowServer, startServer, stopServer } from './embedded-server.ts';
import { connect, isRoot, makeTempDir, needsRoot } from './home-fixture.ts';
import { serverStatus } from './status.ts';

/** A disk of its own of that size, which must be mounted by root. */
function mountDisk(t: TestContext, megabytes: number): string {
  const dir = makeTempDir(t, async () => {
    await stopServer({ home: join(dir, 'home') });
    execFileSync('umount', [dir]);
  });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', dir]);
  return dir;
}

function fill(disk: string): string {
  const file = join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(file, Buffer.alloc(bavail * bsize));
  return file;
}

const expected = {
  code: 'database.server_disk_full',
  message: /the disk of .* is full: \d+ MB are free and 100 MB are needed; make room/,
};

describe('a full disk', { skip: needsRoot }, () => {
  it('at the first start: is told, nothing half-done stays, and with room it works', async (t) => {
    assert.ok(isRoot, 'mounting a small disk needs root');
    const disk = mountDisk(t, 20);
    const home = join(disk, 'home');
    await assert.rejects(borrowServer({ home }), expected);
    assert.deepEqual(readdirSync(join(home, 'postgres')), []);
    execFileSync('mount', ['-o', 'remount,size=200m', disk]);
    await using server = await borrowServer({ home });
    assert.ok(server.startedHere);
  });

  it('at a later start and while running: is told, and with room everything committed is there', async (t) => {
    const disk = mountDisk(t, 120);
    const home = join(disk, 'home');
    const server = await startServer({ home });
    const client = await connect(t, server);
    await client.query('create table kept as select generate_series(1, 1000) as n');
    const ballast = fill(disk);
    // The log of changes can't grow: PostgreSQL ends rather than lose one.
    await assert.rejects(client.query(`create table more as select generate_series(1, 10000000) as n`));
    await assert.rejects(async () => {
      for (;;) await client.query('insert into kept select generate_series(1, 100000)');
    });
    await stopServer({ home });
    await assert.rejects(borrowServer({ home }), expected);
    assert.equal(serverStatus({ home }).fault?.code, 'database.server_disk_full');
    rmSync(ballast);
    await using again = await borrowServer({ home });
    const reader = await connect(t, again);
    const { rows } = await reader.query('select count(*)::int >= 1000 as kept from kept');
    assert.deepEqual(rows, [{ kept: true }]);
  });
});
