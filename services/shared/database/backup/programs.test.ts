/** Guarantee: the program that is taken is as new as the server, and where there is none people hear how to get it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { testFolder } from '../testing/index.ts';
import { findProgram, lookForProgram } from './programs.ts';

const folder = testFolder('qhub-backups-');
after(() => folder[Symbol.dispose]());

const { PATH, QHUB_POSTGRES_BIN } = process.env;
let number = 0;
beforeEach(() => {
  delete process.env.QHUB_POSTGRES_BIN;
  process.env.PATH = '';
});
afterEach(() => {
  process.env.PATH = PATH;
  if (QHUB_POSTGRES_BIN) process.env.QHUB_POSTGRES_BIN = QHUB_POSTGRES_BIN;
  else delete process.env.QHUB_POSTGRES_BIN;
});

/** A folder with one program that does what the shell lines say. */
function place(name: string, script: string): string {
  const path = join(folder.path, String(number++));
  mkdirSync(path);
  writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(path, name), 0o755);
  return path;
}
/** No server is of such a major: what the machine has does not matter. */
const dump = (version: string) => place('pg_dump', `echo "pg_dump (PostgreSQL) ${version} (Debian)"`);

describe('findProgram', () => {
  it('takes the nearest version on PATH that is not older than the server', async () => {
    const [old, near, far] = [dump('90.3'), dump('92.1'), dump('95beta1')];
    process.env.PATH = [far, old, near].join(':');
    const found = await findProgram('pg_dump', { atLeast: 91 });
    assert.deepEqual(found, {
      name: 'pg_dump',
      command: [join(near, 'pg_dump')],
      version: '92.1',
      major: 92,
      where: 'local',
    });
    assert.equal((await findProgram('pg_dump', { exactly: 95 })).version, '95beta1');
    process.env.QHUB_POSTGRES_BIN = far;
    assert.equal(
      (await findProgram('pg_dump', { atLeast: 91 })).major,
      95,
      'the folder that was named comes first',
    );
  });

  it('names what it found, what it needs and how to get it', async () => {
    const old = dump('90.3');
    process.env.PATH = old;
    await assert.rejects(findProgram('pg_dump', { atLeast: 99 }), (error: Error) => {
      assert.ok(isHubError(error, 'database.program_missing'));
      assert.match(error.message, /^there is no pg_dump of version 99 or newer \(found: .*pg_dump is 90\.3/);
      assert.match(error.message, /apt-get install postgresql-client-99.*QHUB_POSTGRES_BIN$/);
      return true;
    });
    await assert.rejects(
      findProgram('initdb', { exactly: 99 }),
      /initdb of version 99.*install postgresql-99/,
    );
  });

  it('passes over a program that does not run', async () => {
    process.env.PATH = place('pg_dump', 'exit 1');
    assert.equal(await lookForProgram('pg_dump', { atLeast: 99 }), undefined);
  });

  it('takes the one of the Compose service, when that is the server which it is for', async () => {
    const docker = `case "$*" in
      *"port postgres 5432") echo 127.0.0.1:5499 ;;
      *"exec -T postgres pg_dump --version") echo "pg_dump (PostgreSQL) 97.2" ;;
      *) exit 1 ;;
    esac`;
    process.env.PATH = place('docker', docker);
    const server = { host: 'localhost', port: 5499, database: 'd', user: 'u' };
    const found = await findProgram('pg_dump', { atLeast: 97, server });
    assert.equal(found.where, 'compose');
    assert.deepEqual(found.command.slice(-4), ['exec', '-T', 'postgres', 'pg_dump']);
    for (const other of [
      { ...server, port: 5432 },
      { ...server, host: 'db.example' },
    ]) {
      assert.equal(await lookForProgram('pg_dump', { atLeast: 97, server: other }), undefined);
    }
  });
});
