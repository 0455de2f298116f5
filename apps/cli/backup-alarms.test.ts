/**
 * Guarantee: what endangers backups is told in all three ways, as exit code and sentence of `qhub db backup status`, as figure for
 * Prometheus and as line in the hub's log; and is taken back when it is over. Each situation is made for real.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  applicationLogin,
  connectAsAdmin,
  startTestServer,
  type TestFolder,
  testFolder,
  without,
} from '@quantum-hub/database/testing';
import { plainEnvironment, qhub, type Variables } from './test-qhub.ts';

const debian = '/usr/lib/postgresql/15/bin/pg_verifybackup';
const skip =
  without('pg_dump', 'postgresql-client') ||
  (existsSync(debian) || process.env.CI ? false : `needs ${debian} (Debian: apt-get install postgresql-15)`);

let server: Awaited<ReturnType<typeof startTestServer>>;
let folder: TestFolder;
let env: Variables;
let admin: Awaited<ReturnType<typeof connectAsAdmin>>;

before(async () => {
  if (skip) return;
  server = await startTestServer();
  folder = testFolder();
  env = {
    QHUB_HOME: join(folder.path, 'home'),
    QHUB_BACKUP_DIR: join(folder.path, 'backups'),
    QHUB_BACKUP_FIGURES: join(folder.path, 'backup.prom'),
    POSTGRES_HOST: server.host,
    POSTGRES_PORT: String(server.port),
    POSTGRES_DB: 'hub',
    POSTGRES_USER: applicationLogin.name,
    POSTGRES_PASSWORD: applicationLogin.password,
    POSTGRES_ADMIN_USER: server.adminUser,
    POSTGRES_ADMIN_PASSWORD: server.adminPassword,
  };
  await works('migration', 'up');
  await connect();
});
after(async () => {
  await admin?.end();
  await server?.stop();
  folder?.[Symbol.dispose]();
});

async function connect(): Promise<void> {
  admin = await connectAsAdmin(server, 'hub');
}

async function restart(): Promise<void> {
  await admin.end();
  await server.halt();
  await server.resume();
  await connect();
}

const db = (args: readonly string[], changes: Variables = {}) =>
  qhub(['db', ...args], { env: { ...env, ...changes } });

async function works(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await db(args);
  assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
}

type Judgement = { readonly name: string; readonly ok: boolean; readonly text: string };

/** Looks once: sentence, figure and exit code have to agree. */
async function judged(name: string, changes: Variables = {}): Promise<Judgement> {
  const { code, stdout, stderr } = await db(['backup', 'status', '--json'], changes);
  const status = JSON.parse(stdout || '{}') as { alarm: boolean; judgements: Judgement[] };
  assert.equal(code, status.alarm ? 1 : 0, stderr);
  const found = status.judgements.find((judgement) => judgement.name === name);
  assert.ok(found, `${name} is not among ${stdout}`);
  assert.equal(figure(`alarm{name="${name}"}`), found.ok ? 0 : 1);
  assert.ok(found.ok || status.alarm);
  return found;
}

function figure(name: string): number | undefined {
  const text = readFileSync(String(env.QHUB_BACKUP_FIGURES), 'utf8');
  const line = text.split('\n').find((each) => each.startsWith(`qhub_backup_${name} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

async function alarms(name: string, says: RegExp, changes?: Variables): Promise<void> {
  const { ok, text } = await judged(name, changes);
  assert.equal(ok, false, text);
  assert.match(text, says);
}

async function isWell(name: string, changes?: Variables): Promise<void> {
  const { ok, text } = await judged(name, changes);
  assert.equal(ok, true, text);
}

/** The hub's first lines that tell alarms, as many as are wanted. */
async function logged(count: number, changes: Variables = {}): Promise<string[]> {
  const program = join(import.meta.dirname, '../hub/start.js');
  const hub = spawn(process.execPath, [program], {
    env: plainEnvironment({ ...env, ...changes }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: hub.stdout })) {
    const { level, msg } = JSON.parse(line) as { level: string; msg: string };
    if (msg.startsWith('ALARM, backups, ')) lines.push(msg);
    if (msg.startsWith('ALARM')) assert.equal(level, 'error');
    if (lines.length === count) hub.kill('SIGTERM');
  }
  return lines;
}

/** Commands for the archive that are not ours: until `init` puts its own back. */
async function setArchiveCommand(command: string): Promise<void> {
  await admin.query(`alter system set archive_command = '${command}'`);
  await admin.query('select pg_reload_conf()');
}

async function untilArchiver(condition: string): Promise<void> {
  for (;;) {
    const { rows } = await admin.query(`select ${condition} as met from pg_stat_archiver`);
    if (rows[0]?.met) return;
    await delay(50);
  }
}

const segmentBytes = 16 * 2 ** 20;

/** A record and the end of its segment each. */
async function fillSegments(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await admin.query(`select pg_create_restore_point('test')`);
    await admin.query('select pg_switch_wal()');
  }
}

const pitr = (...args: string[]) => works('backup', 'pitr', ...args);

describe('the state of backups', { skip }, () => {
  it('alarms while archiving waits for a restart, while no drill was made, and is well after all', async () => {
    await pitr('init', '--engine', 'plain', '--apply');
    await alarms('archive', /archive_mode is off/);
    await restart();
    await works('backup', 'create');
    await alarms('verified backup', /none of the 1 backups was verified/);
    await works('backup', 'verify');
    await pitr('backup');
    await alarms('drill', /recovery was never rehearsed/);
    assert.equal(figure('drill_timestamp_seconds'), undefined);
    await works('backup', 'drill');
    await works('backup', 'status');
    assert.ok(Math.abs(Number(figure('drill_timestamp_seconds')) - Date.now() / 1000) < 600);
  });

  it('alarms when the last good drill is more than 35 days old', async () => {
    const shift = (by: string) =>
      admin.query(
        `update hub.backup_runs set started_at = started_at ${by}, finished_at = finished_at ${by} where kind = 'drill'`,
      );
    await shift(`- interval '36 days'`);
    await alarms('drill', /the last good drill was 36 days ago, more than 35/);
    await shift(`+ interval '36 days'`);
    await isWell('drill');
  });

  it('alarms when the archive lags, when it fails, when pg_wal grows, and no more when it is mended', async () => {
    // Without a command the server keeps its log and calls nothing a failure.
    await setArchiveCommand('');
    await fillSegments(1);
    await isWell('archive');
    const waiting = join(server.dataDir, 'pg_wal/archive_status');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    const ready = readdirSync(waiting).filter((name) => name.endsWith('.ready'));
    assert.ok(ready.length > 0);
    for (const name of ready) utimesSync(join(waiting, name), anHourAgo, anHourAgo);
    await alarms('archive', /the archive is 36\d\d s behind, more than 660 s/);
    assert.ok(Number(figure('archive_lag_seconds')) >= 3600);

    await setArchiveCommand('exit 1');
    await untilArchiver('failed_count > 0');
    await alarms('archive', /the last attempt to archive the log failed/);
    const { rows } = await admin.query(
      `select pg_size_bytes(current_setting('max_wal_size'))::float8 as most`,
    );
    const most = Number(rows[0]?.most);
    await fillSegments(Math.ceil((2 * most) / segmentBytes) + 1);
    await alarms('pg_wal', /pg_wal has [2-9]\.\d times max_wal_size: something holds it/);
    assert.ok(Number(figure('wal_bytes')) > 2 * most);

    const lines = await logged(2);
    assert.match(
      lines.join('\n'),
      /^ALARM, backups, archive: the last attempt[^\n]*\nALARM, backups, pg_wal: pg_wal has /,
    );

    await pitr('init', '--engine', 'plain', '--apply');
    await untilArchiver('last_archived_time > last_failed_time');
    await pitr('check');
    await isWell('archive');
    // What is archived goes with the next two checkpoints.
    await admin.query('checkpoint');
    await fillSegments(1);
    await admin.query('checkpoint');
    await isWell('pg_wal');
  });

  it('alarms when a verification fails, and when a file is cut', async () => {
    const [name = ''] = readdirSync(String(env.QHUB_BACKUP_DIR)).filter((entry) => entry.startsWith('hub_'));
    const dump = join(String(env.QHUB_BACKUP_DIR), name, 'dump.pgdump');
    const good = readFileSync(dump);
    const bad = Buffer.from(good);
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1;
    writeFileSync(dump, bad);
    assert.equal((await db(['backup', 'verify'])).code, 1);
    await alarms('last runs', /the last verify failed at .*dump\.pgdump was changed/);
    assert.equal(figure('last_run_success{kind="verify"}'), 0);
    await alarms('verified backup', /none of the 1 backups was verified/);
    const lines = await logged(2);
    assert.match(
      lines.join('\n'),
      /^ALARM, backups, verified backup: none[^\n]*\nALARM, backups, last runs: the last verify failed/,
    );
    truncateSync(dump, 1000);
    await alarms('damaged backups', new RegExp(`missing or cut files in ${name}`));
    assert.equal(figure('damaged'), 1);
    writeFileSync(dump, good);
    await works('backup', 'verify');
    await works('backup', 'status');
    assert.equal(figure('last_run_success{kind="verify"}'), 1);
  });

  it('alarms when the disk of backups fills up, and when a backup fails on it', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs root: it mounts a small disk');
    const disk = join(folder.path, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=755', 'tmpfs', disk]);
    try {
      const there = { QHUB_BACKUP_DIR: join(disk, 'backups') };
      assert.equal((await db(['backup', 'create'], there)).code, 0);
      await isWell('free space', there);
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 4096));
      await alarms('free space', /0 % of the disk are free, less than two backups need/, there);
      assert.ok(Number(figure('disk_free_bytes')) <= 4096 && figure('disk_size_bytes') === 16 * 2 ** 20);
      assert.equal((await db(['backup', 'create'], there)).code, 1);
      await alarms('last runs', /the last create failed at .*no space (is )?left/i, there);
      const lines = await logged(3, there);
      assert.match(lines.join('\n'), /^ALARM, backups, free space: 0 % of the disk are free/m);
      assert.match(lines.join('\n'), /^ALARM, backups, last runs: the last create failed/m);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('alarms when the server with the archive does not answer', async () => {
    await admin.end();
    await server.halt();
    await alarms('archive', /the archive could not be looked at: /);
    await server.resume();
    await connect();
    await isWell('archive');
  });
});
