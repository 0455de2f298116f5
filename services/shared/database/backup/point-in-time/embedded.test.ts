/** The embedded server with archiving: it starts and stops whatever its archive does, and gets recovered data back in place. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Hidden, isHubError } from '@quantum-hub/kernel';
import { connectAdmin } from '../../connection/admin-connection.ts';
import { makeFilledHome } from '../../server/home-fixture.ts';
import { borrowServer, type RunningServer, serverStatus } from '../../server/index.ts';
import { readArchiveState } from './archive-state.ts';
import { deliverLog } from './deliver-log.ts';
import { initialisePitr } from './initialise.ts';
import { checkPitr, makeBaseBackup } from './operations.ts';
import { restoreToFolder, swapRestored } from './restore.ts';
import { createRestorePoint } from './restore-points.ts';
import { type Pitr, readPitr } from './settings-file.ts';
import { withoutEngine } from './test-engines.ts';

const skip = await withoutEngine('plain');

const settingsOf = ({ host, port, adminUser, adminPassword }: RunningServer) => ({
  ...{ host, port, user: adminUser, password: new Hidden(adminPassword), database: 'postgres' },
});

async function ask<Row>(server: RunningServer, text: string): Promise<Row[]> {
  await using admin = await connectAdmin(settingsOf(server), { service: 'test' });
  return [...(await admin.query<Row>(text)).rows];
}

/** A home whose server archives from its next start on. */
async function archivingHome(
  t: TestContext,
): Promise<{ home: string; pitr: () => Pitr; repository: string }> {
  const home = await makeFilledHome(t);
  const [dir, repository] = [join(home, 'postgres', 'pitr'), join(dirname(home), 'archive')];
  await using server = await borrowServer({ home });
  const options = { kind: 'embedded', dir, repository, engine: 'plain', apply: true } as const;
  const { restartNeeded } = await initialisePitr(settingsOf(server), options);
  assert.equal(restartNeeded, true);
  return { home, pitr: () => readPitr(dir), repository: join(repository, 'plain') };
}

test('a server with a broken archive starts, works and stops; its state tells what is wrong', {
  skip,
}, async (t) => {
  const { home, pitr, repository } = await archivingHome(t);
  renameSync(join(repository, 'wal'), join(repository, 'gone'));
  await using server = await borrowServer({ home });
  await ask(server, 'create table work (id int)');
  await ask(server, 'insert into work select generate_series(1, 1000)');
  await using admin = await connectAdmin(settingsOf(server), { service: 'test' });
  await assert.rejects(deliverLog(admin, { timeoutMs: 1500 }), (error) =>
    isHubError(error, 'database.pitr_archiving_stalled'),
  );
  const state = await readArchiveState(admin);
  assert.equal(state.failing, true);
  assert.ok(state.failed > 0 && state.waitingSegments > 0 && state.lagSeconds > 0);
  assert.ok(state.walBytes >= 16 * 1024 * 1024);
  renameSync(join(repository, 'gone'), join(repository, 'wal'));
  const check = await checkPitr(pitr(), settingsOf(server));
  assert.ok(check.deliverySeconds > 0, 'the server goes on by itself once the archive is back');
  assert.equal((await readArchiveState(admin)).waitingSegments, 0);
  await admin.close();
  assert.deepEqual(await server.stop(), { stopped: true });
  assert.equal(serverStatus({ home }).fault, undefined);
});

test('a lost table comes back: recovered beside the live data, swapped in, and archived on from there', {
  skip,
}, async (t) => {
  const { home, pitr, repository } = await archivingHome(t);
  {
    await using server = await borrowServer({ home });
    await makeBaseBackup(pitr(), settingsOf(server));
    await ask(server, 'create table users as select generate_series(1, 5) as id');
    await createRestorePoint(pitr(), settingsOf(server), 'before the clean-up');
    await ask(server, 'drop table users');
    await checkPitr(pitr(), settingsOf(server));
    const target = { kind: 'restore-point', name: 'before the clean-up' } as const;
    const restored = await restoreToFolder(pitr(), { target });
    assert.deepEqual(
      restored.databases.map(({ name }) => name),
      ['postgres', 'template1'],
    );
    assert.deepEqual(await ask(server, "select 1 from pg_class where relname = 'users'"), []);
    await assert.rejects(swapRestored(pitr(), restored.folder, { home }), (error) =>
      isHubError(error, 'database.pitr_server_in_use'),
    );
    await server.stop();
    const { kept, dataDir } = await swapRestored(pitr(), restored.folder, { home });
    assert.ok(kept && existsSync(join(kept, 'PG_VERSION')) && existsSync(join(dataDir, 'PG_VERSION')));
    assert.equal(existsSync(restored.folder), false);
  }
  await using server = await borrowServer({ home });
  assert.deepEqual(await ask(server, 'select count(*)::int as users from users'), [{ users: 5 }]);
  await makeBaseBackup(pitr(), settingsOf(server));
  await checkPitr(pitr(), settingsOf(server));
  assert.ok(readdirSync(join(repository, 'wal')).includes('00000002.history.gz'));
  const again = await restoreToFolder(pitr(), { target: { kind: 'latest' } });
  assert.equal(again.timeline, 3, 'the next recovery takes a number that no other timeline has');
});

test('only data that were recovered for this server can be swapped in', { skip }, async (t) => {
  const { home, pitr } = await archivingHome(t);
  await assert.rejects(swapRestored(pitr(), dirname(home), { home }), (error) =>
    isHubError(error, 'database.pitr_not_restored'),
  );
});
