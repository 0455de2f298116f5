/** Guarantee: a disk that fills while a backup is made or restored costs that run only, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { makeTempDir, needsRoot } from '../server/home-fixture.ts';
import { startServer, stopServer } from '../server/index.ts';
import { without } from '../testing/index.ts';
import { startTestServer } from '../testing/test-server.ts';
import { createBackup } from './create/create-backup.ts';
import { listBackups } from './list-backups.ts';
import { localStore } from './store/local-store.ts';
import { FaultyHub, liveDatabase } from './test-faults.ts';
import { verifyBackup } from './verify/verify-backup.ts';

const skip = needsRoot || without('pg_dump', 'postgresql-client');

/** A disk of its own of that size. */
function mountDisk(t: TestContext, megabytes: number, before: (disk: string) => unknown = () => {}): string {
  const disk = makeTempDir(t, async () => {
    await before(disk);
    execFileSync('umount', [disk]);
  });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', disk]);
  return disk;
}

/** Takes all room but so many bytes. */
function fill(disk: string, free: number): string {
  const ballast = join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  truncateSync(ballast, Math.max(0, bavail * bsize - free));
  return ballast;
}

describe('a full disk', { skip }, () => {
  it('of the backups, at ten sizes: says so, removes what it had written, and earlier ones stay good', async (t) => {
    const disk = mountDisk(t, 60);
    await using hub = await FaultyHub.make(await startTestServer(), 4);
    const folder = join(disk, 'backups');
    mkdirSync(folder);
    const store = localStore(folder);
    const { name, files } = await createBackup({ admin: hub.admin() }, store);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const before = await hub.tables();
    for (let size = 0; size < 10; size += 1) {
      const jobs = 1 + (size % 2);
      const free = Math.floor((bytes * size) / 10);
      const ballast = fill(disk, free);
      const where = `${free} bytes of ${bytes} were free, ${jobs} connections`;
      await assert.rejects(createBackup({ admin: hub.admin() }, store, { jobs }), (error: Error) => {
        assert.ok(
          isHubError(error, 'database.backup_place_unusable') || isHubError(error, 'database.program_failed'),
          `${where}: ${error}`,
        );
        assert.match(error.message, /no space (is )?left/i, where);
        return true;
      });
      assert.deepEqual(readdirSync(folder), [name], where);
      await verifyBackup(store, name, { quick: true });
      rmSync(ballast);
    }
    assert.deepEqual(await hub.tables(), before);
    const { name: next } = await createBackup({ admin: hub.admin() }, store);
    assert.deepEqual(
      (await listBackups(store)).map((listed) => [listed.name, listed.state]),
      [name, next].toSorted().map((each) => [each, 'whole']),
    );
  });

  it('of the server during a restore: the database is what it was, also where PostgreSQL had to end, and with room it works', async (t) => {
    const disk = mountDisk(t, 400, () => stopServer({ home: join(disk, 'home') }));
    const folder = join(makeTempDir(t), 'backups');
    const home = join(disk, 'home');
    await using hub = await FaultyHub.make(await startServer({ home }), 20);
    const store = localStore(folder);
    const { name } = await createBackup({ admin: hub.admin() }, store);
    await hub.run('delete from load where i % 7 = 0; checkpoint', liveDatabase);
    const before = await hub.tables();
    const ballast = fill(disk, 25 * 2 ** 20);
    await assert.rejects(hub.start('restore', [folder, name]).through(), /ended with 1/);
    // PostgreSQL has ended, or recovers from its own end. A stop in the middle of that can be lost (15.18: it waited for its
    // checkpointer, and the checkpointer for it): with room it recovers, and is started where it is gone.
    rmSync(ballast);
    await using again = new FaultyHub(await startServer({ home, port: hub.server.port }));
    assert.deepEqual(await again.tables(), before);
    await again.start('restore', [folder, name]).through();
    const databases = await again.databases();
    assert.deepEqual(databases.slice(0, 1), [liveDatabase]);
    assert.equal(databases.length, 2, `nothing half is left: ${databases}`);
    assert.deepEqual(await again.tables(databases[1]), before);
  });
});
