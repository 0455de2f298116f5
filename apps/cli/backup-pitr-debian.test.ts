/**
 * Guarantee: recovery to a moment works by the commands alone on an operator's own server as Debian makes it: data, settings
 * and sockets in three places, `peer` on the socket. The cluster is made for this test, and no other one is touched.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectAsAdmin, type TestFolder, testFolder } from '@quantum-hub/database/testing';
import { qhub, type Run } from './test-qhub.ts';

const major = '15';
const name = `qhubtest${process.pid}`;
const dataDir = `/var/lib/postgresql/${major}/${name}`;
const password = 'cluster test';
const skip = missing();

function missing(): string | false {
  if (process.env.CI) return false;
  if (process.getuid?.() !== 0) return 'needs root: pg_createcluster makes a server of the user postgres';
  const needed = [
    '/usr/bin/pg_createcluster',
    `/usr/lib/postgresql/${major}/bin/postgres`,
    '/usr/bin/pgbackrest',
  ];
  const lacking = needed.find((path) => !existsSync(path));
  return lacking ? `needs ${lacking} (Debian: apt-get install postgresql-${major} pgbackrest)` : false;
}

let folder: TestFolder;
let port = 0;

before(async () => {
  if (skip) return;
  folder = testFolder();
  port = await freePort();
  cluster('pg_createcluster', major, name, '--port', String(port));
  control('start');
  const statement = `alter role postgres password '${password}'; create role hub_admin superuser login password '${password}'`;
  // As the user that Debian's pg_hba.conf lets in by the socket.
  const { uid, gid } = statSync(dataDir);
  execFileSync('psql', ['-qX', '-p', String(port), '-d', 'postgres', '-c', statement], {
    uid,
    gid,
    cwd: '/',
  });
});
after(() => {
  if (skip) return;
  cluster('pg_dropcluster', '--stop', major, name);
  folder[Symbol.dispose]();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function cluster(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

/** Not by systemd, which need not be there. */
function control(verb: 'start' | 'stop' | 'restart'): void {
  cluster('pg_ctlcluster', '--skip-systemctl-redirect', major, name, verb);
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const { path } = folder;
  return await qhub(args, {
    env: {
      QHUB_HOME: join(path, 'home'),
      QHUB_BACKUP_DIR: join(path, 'backups'),
      POSTGRES_HOST: '127.0.0.1',
      POSTGRES_PORT: String(port),
      POSTGRES_DB: 'hub',
      POSTGRES_PASSWORD: password,
      POSTGRES_ADMIN_USER: 'postgres',
      POSTGRES_ADMIN_PASSWORD: password,
      ...env,
    },
  });
}

async function pitr(args: readonly string[], env?: Record<string, string>) {
  const { code, stdout, stderr } = await run(['db', 'backup', 'pitr', ...args, '--json'], env);
  assert.equal(code, 0, `${args.join(' ')}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

async function ask(sql: string): Promise<unknown> {
  const client = await connectAsAdmin({ host: '127.0.0.1', port, adminPassword: password }, 'hub');
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** Beside the data nothing may be left: Debian's programs would take it for a cluster's. */
const beside = () =>
  readdirSync(`/var/lib/postgresql/${major}`).filter((entry) => /drill|restored/.test(entry));

describe('qhub db backup pitr on a cluster of Debian', { skip }, () => {
  it('init refuses a login that the socket does not admit, and says what to do', async () => {
    assert.equal((await run(['db', 'migration', 'up'])).code, 0);
    const env = { POSTGRES_ADMIN_USER: 'hub_admin', QHUB_HOME: join(folder.path, 'other') };
    const { code, stderr } = await run(['db', 'backup', 'pitr', 'init'], env);
    assert.equal(code, 1);
    assert.match(stderr, /cannot log in as "hub_admin" by the socket in \/var\/run\/postgresql: Peer auth/);
  });

  it('init tells the lines for postgresql.conf, and writes them with --apply; a restart, and it archives', async () => {
    const told = await pitr(['init']);
    assert.deepEqual([told.engine, told.applied, told.restartNeeded], ['pgbackrest', false, true]);
    assert.equal(await ask('show archive_command'), '(disabled)');
    assert.equal((await pitr(['init', '--apply'])).restartNeeded, true);
    control('restart');
    assert.equal(await ask('show archive_command'), told.settings.archive_command);
  });

  it('full, incremental, check, status; recovery to a moment takes the place of the data', async () => {
    assert.equal((await pitr(['backup'])).backup.kind, 'full');
    assert.equal((await pitr(['backup', '--incremental'])).backup.kind, 'incremental');
    await ask(`create table note as select 'before' as t`);
    const moment = String(
      await ask(`select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`),
    );
    await ask(`insert into note values ('after')`);
    const check = await pitr(['check']);
    assert.deepEqual([check.ok, check.gap, check.backups], [true, null, 2]);
    assert.equal((await pitr(['status'])).ok, true);

    control('stop');
    const to = join(folder.path, 'restored');
    const restored = await pitr(['restore', '--time', moment, '--to', to]);
    execFileSync('mv', [dataDir, join(folder.path, 'old')]);
    execFileSync('mv', [restored.dataDir, dataDir]);
    control('start');
    assert.equal(await ask(`select string_agg(t, ' ') from note`), 'before');
    assert.equal((await pitr(['check'])).ok, true);
    assert.equal((await pitr(['backup'])).backup.kind, 'full');
  });

  it('a drill passes with pgBackRest, and with PostgreSQL’s own programs in its place', async () => {
    const passed = await run(['db', 'backup', 'drill']);
    assert.equal(passed.code, 0, passed.stdout + passed.stderr);
    const other = {
      QHUB_HOME: join(folder.path, 'plain'),
      QHUB_BACKUP_DIR: join(folder.path, 'plain-backups'),
    };
    assert.equal((await pitr(['init', '--engine', 'plain', '--apply'], other)).restartNeeded, false);
    await pitr(['backup'], other);
    const plain = await run(['db', 'backup', 'drill'], other);
    assert.equal(plain.code, 0, plain.stdout + plain.stderr);
    assert.deepEqual(beside(), []);
  });
});
