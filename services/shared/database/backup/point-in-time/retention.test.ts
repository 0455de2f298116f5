/** PostgreSQL's own programs: what retention removes, what an init refuses, and what a kill leaves behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { poll } from '../../server/wait.ts';
import { initialisePitr } from './initialise.ts';
import { makeBaseBackup } from './operations.ts';
import { recover } from './recover.ts';
import { type ScratchServer, startArchivedScratchServer } from './scratch-server.ts';
import { withoutEngine } from './test-engines.ts';
import { Ledger } from './test-ledger.ts';
import { segmentNumber } from './wal-names.ts';

const skip = await withoutEngine('plain');
let scratch: ScratchServer;
let ledger: Ledger;

before(async () => {
  if (skip) return;
  scratch = await startArchivedScratchServer({ engine: 'plain', keepFull: 1 });
  ledger = new Ledger(scratch);
});
after(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

const base = () => join(scratch.pitr.repository, 'base');

test('the newest backup stays with the log that it needs; what is older goes', { skip }, async () => {
  const { backup: old } = await makeBaseBackup(scratch.pitr, scratch.admin);
  await ledger.write('one');
  await ledger.deliver();
  const { backup, pruned } = await makeBaseBackup(scratch.pitr, scratch.admin);
  assert.deepEqual(pruned.backups, [old.label]);
  assert.ok((pruned.segments ?? 0) > 0);
  const engine = await ledger.engine();
  assert.deepEqual(
    (await engine.list()).map(({ label }) => label),
    [backup.label],
  );
  const oldest = (await engine.segments())[0] ?? backup.startWal;
  assert.ok(segmentNumber(oldest) >= segmentNumber(backup.startWal));
  await ledger.deliver();
  assert.deepEqual(await ledger.recovered({ kind: 'latest' }), ['one']);
});

test('nothing is removed when the backup that would stay is damaged', { skip }, async () => {
  const engine = await ledger.engine();
  const [good] = await engine.list();
  const newer = await engine.backup(scratch.admin, 'full');
  writeFileSync(join(base(), newer.label, 'backup_manifest'), '{}');
  await assert.rejects(engine.prune(), (error) => isHubError(error, 'database.pitr_backup_damaged'));
  assert.deepEqual(
    (await engine.list()).map(({ label }) => label),
    [good?.label, newer.label],
  );
  rmSync(join(base(), newer.label), { recursive: true });
});

test('a base backup that fails leaves nothing and is told in the program’s words', { skip }, async () => {
  const known = readdirSync(base());
  const engine = await ledger.engine();
  const stranger = { ...scratch.admin, password: 'wrong' };
  await assert.rejects(engine.backup(stranger, 'full'), /password/);
  assert.deepEqual(readdirSync(base()), known);
});

test('an archive of another server is refused', { skip }, async () => {
  await using other = await startArchivedScratchServer({ engine: 'plain' });
  writeFileSync(join(other.pitr.repository, 'server-id-0'), '');
  rmSync(join(other.pitr.repository, `server-id-${other.pitr.systemId}`));
  const { dir, kind } = other.pitr;
  const repository = dirname(other.pitr.repository);
  await assert.rejects(
    initialisePitr(other.admin, { engine: 'plain', dir, kind, repository, apply: true }),
    (error) => isHubError(error, 'database.pitr_repository_foreign'),
  );
});

test('what PostgreSQL’s own programs cannot do is said, with what to do', { skip }, async () => {
  const unsupported = (error: unknown) => isHubError(error, 'database.pitr_option_unsupported');
  await assert.rejects(makeBaseBackup(scratch.pitr, scratch.admin, 'incremental'), unsupported);
  const { dir, kind } = scratch.pitr;
  const options = { engine: 'plain', dir, kind, repository: scratch.folder, apply: true } as const;
  await assert.rejects(initialisePitr(scratch.admin, { ...options, passphrase: 'p' }), unsupported);
});

test('a server whose configuration lies outside of its data comes up without it', { skip }, async () => {
  const engine = await ledger.engine();
  const layOut = engine.layOut.bind(engine);
  engine.layOut = async (backup, dataDir) => {
    await layOut(backup, dataDir);
    for (const name of ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf']) rmSync(join(dataDir, name));
  };
  const folder = join(scratch.folder, 'recovered');
  const inspect = async () => 'up';
  const request = { target: { kind: 'backup-end' }, folder, keep: false, inspect } as const;
  assert.equal((await recover(scratch.pitr, engine, request)).seen, 'up');
});

test('kill -9 in the middle of a recovery leaves neither a server nor a folder', { skip }, async () => {
  const folder = join(scratch.folder, 'recovered');
  const code = `
    const load = (name) => import(${JSON.stringify(new URL('.', import.meta.url).href)} + name);
    const { readPitr } = await load('settings-file.ts');
    const { openEngine } = await load('open-engine.ts');
    const { recover } = await load('recover.ts');
    const pitr = readPitr(${JSON.stringify(scratch.pitr.dir)});
    await recover(pitr, await openEngine(pitr), {
      target: { kind: 'backup-end' }, folder: ${JSON.stringify(folder)}, keep: true,
      inspect: async () => { process.stdout.write('up\\n'); await new Promise((resolve) => setTimeout(resolve, 600_000)); },
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const socketDir = readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[4] ?? '';
  assert.ok(existsSync(socketDir));
  child.kill('SIGKILL');
  const gone = await poll(() => (existsSync(folder) ? undefined : true), { timeoutMs: 60_000 });
  assert.equal(gone, true);
  assert.equal(existsSync(socketDir), false);
});
