import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { connectAdmin } from '../../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../../connection/client.ts';
import { libpqEnvironment } from '../../../connection/libpq-environment.ts';
import { findProgram } from '../../programs.ts';
import type { BaseBackup, PitrEngine, Pruned } from '../engine.ts';
import { makeOwnedFolder, syncFolder, writeOwned } from '../owned-files.ts';
import { ProgramFailure, runProgram } from '../run-program.ts';
import type { Pitr } from '../settings-file.ts';
import { isSegment, segmentNumber } from '../wal-names.ts';
import { archiveProgram, fetchProgram, shellWord } from './archive-programs.ts';
import { asBaseBackup, checkFolder, describeFolder, readRecord, recordFile } from './plain-backup.ts';

const draftPrefix = '.draft-';
/** A draft of the archive that is older than this is of a program that was killed. */
const draftMs = 3_600_000;

/** PostgreSQL's own programs: `pg_basebackup`, `pg_verifybackup`, and an archive of gzipped segments in a folder. */
export class PlainEngine implements PitrEngine {
  readonly #pitr: Pitr;

  constructor(pitr: Pitr) {
    this.#pitr = pitr;
  }

  get #archive(): string {
    return join(this.#pitr.repository, 'wal');
  }

  get #base(): string {
    return join(this.#pitr.repository, 'base');
  }

  async prepare(): Promise<void> {
    const { dir, repository, account, systemId } = this.#pitr;
    for (const folder of [repository, this.#archive, this.#base]) makeOwnedFolder(folder, account);
    const owner = join(repository, 'server-id');
    const known = readdirSync(repository).filter((name) => name.startsWith('server-id-'))[0];
    if (known !== undefined && known !== `server-id-${systemId}`) {
      throw hubError('database.pitr_repository_foreign', { repository });
    }
    writeOwned(`${owner}-${systemId}`, '', account);
    writeOwned(join(dir, 'archive-wal.sh'), archiveProgram, account);
    writeOwned(join(dir, 'fetch-wal.sh'), fetchProgram, account);
  }

  archiveCommand(): string {
    const program = shellWord(join(this.#pitr.dir, 'archive-wal.sh'));
    return `/bin/sh ${program} ${shellWord(this.#archive)} "%p" "%f"`;
  }

  restoreCommand(): string {
    const program = shellWord(join(this.#pitr.dir, 'fetch-wal.sh'));
    return `/bin/sh ${program} ${shellWord(this.#archive)} "%f" "%p"`;
  }

  async backup(admin: ConnectionSettings, kind: BaseBackup['kind']): Promise<BaseBackup> {
    if (kind === 'incremental') {
      throw hubError('database.pitr_option_unsupported', {
        engine: 'plain',
        option: 'incremental base backups',
        remedy:
          'make a full one, or install pgBackRest (Debian: apt-get install pgbackrest) and run init again',
      });
    }
    const { account, major, systemId } = this.#pitr;
    const program = await findProgram('pg_basebackup', { exactly: major });
    this.#clearDrafts();
    const draft = join(this.#base, `${draftPrefix}${process.pid}`);
    rmSync(draft, { recursive: true, force: true });
    try {
      const startedAt = await serverTime(admin);
      const args = ['--pgdata', draft, '--format=tar', '--compress=1', '--wal-method=stream'];
      const how = [
        '--checkpoint=fast',
        '--manifest-checksums=SHA256',
        '--no-password',
        '--label=quantum-hub',
      ];
      using login = libpqEnvironment(this.#nearby(admin), { name: 'backup' });
      const { variables: env } = login;
      await runProgram({ command: program.command, args: [...args, ...how], account, env });
      const stoppedAt = await serverTime(admin);
      const record = { startedAt, stoppedAt, systemId, ...(await describeFolder(draft)) };
      writeOwned(join(draft, recordFile), `${JSON.stringify(record, null, 2)}\n`, account);
      const label = `${startedAt.slice(0, 23).replace(/[-:.]/g, '').replace('T', '-')}F`;
      tarsOf(draft);
      renameSync(draft, join(this.#base, label));
      syncFolder(this.#base);
      return asBaseBackup(label, join(this.#base, label), record);
    } catch (error) {
      throw error instanceof ProgramFailure ? error.toHubError() : error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }

  async list(): Promise<BaseBackup[]> {
    if (!existsSync(this.#base)) return [];
    const labels = readdirSync(this.#base).filter((name) => !name.startsWith('.'));
    return labels.sort().flatMap((label) => {
      const folder = join(this.#base, label);
      const record = readRecord(folder);
      return record ? [asBaseBackup(label, folder, record)] : [];
    });
  }

  async segments(): Promise<string[]> {
    if (!existsSync(this.#archive)) return [];
    return readdirSync(this.#archive)
      .map((name) => name.replace(/\.gz$/, ''))
      .filter(isSegment)
      .sort();
  }

  async layOut({ label }: BaseBackup, dataDir: string): Promise<void> {
    const { account, major } = this.#pitr;
    const folder = join(this.#base, label);
    await checkFolder(label, folder);
    const verify = await findProgram('pg_verifybackup', { exactly: major });
    try {
      for (const [archive, into] of tarsOf(folder)) {
        const args = ['-xzf', join(folder, archive), '-C', join(dataDir, into)];
        await runProgram({ command: ['tar'], args, account });
      }
      const manifest = `--manifest-path=${join(folder, 'backup_manifest')}`;
      const args = ['--quiet', '--no-parse-wal', manifest, dataDir];
      await runProgram({ command: verify.command, args, account });
    } catch (error) {
      if (!(error instanceof ProgramFailure)) throw error;
      const reason = `${error.program} says: ${error.output.trim().split('\n')[0]}`;
      throw hubError('database.pitr_backup_damaged', { backup: label, reason }, { cause: error });
    }
    writeOwned(join(dataDir, 'recovery.signal'), '', account);
  }

  /** Backups beyond the newest `keepFull` go, and the log before the oldest kept one; first a kept one must prove to be whole. */
  async prune(): Promise<Pruned> {
    const backups = await this.list();
    const kept = backups.slice(-this.#pitr.keepFull);
    const [oldest] = kept;
    const newest = kept.at(-1);
    if (!oldest || !newest) return { backups: [], segments: 0 };
    await checkFolder(newest.label, join(this.#base, newest.label));
    const gone = backups.slice(0, -this.#pitr.keepFull).map(({ label }) => label);
    for (const label of gone) rmSync(join(this.#base, label), { recursive: true });
    const needed = segmentNumber(oldest.startWal);
    const old = (await this.segments()).filter((name) => segmentNumber(name) < needed);
    for (const name of old) rmSync(join(this.#archive, `${name}.gz`));
    return { backups: gone, segments: old.length };
  }

  async check(): Promise<void> {
    await findProgram('pg_basebackup', { exactly: this.#pitr.major });
    await findProgram('pg_verifybackup', { exactly: this.#pitr.major });
  }

  /** The server is on this machine: by its socket, TLS and certificates that its user can't read are not needed. */
  #nearby(admin: ConnectionSettings): ConnectionSettings {
    const { socketDir } = this.#pitr;
    const inClear = (admin.tls?.mode ?? 'disable') === 'disable';
    return inClear || !socketDir ? admin : { ...admin, host: socketDir, tls: undefined };
  }

  #clearDrafts(): void {
    for (const folder of [this.#base, this.#archive]) {
      for (const name of readdirSync(folder)) {
        if (name.startsWith(draftPrefix) && isAbandoned(join(folder, name))) {
          rmSync(join(folder, name), { recursive: true, force: true });
        }
      }
    }
  }
}

/** A running one is written to all the time. */
function isAbandoned(path: string): boolean {
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return changed < Date.now() - draftMs;
}

/** Each tar file with the folder of the data that it goes into. */
function tarsOf(folder: string): (readonly [string, string])[] {
  const tablespaces = readdirSync(folder).filter((name) => /^\d+\.tar\.gz$/.test(name));
  if (tablespaces.length > 0) {
    throw hubError('database.pitr_option_unsupported', {
      engine: 'plain',
      option: 'databases with tablespaces of their own',
      remedy: 'use pgBackRest (`npx qhub db backup pitr init --engine pgbackrest`)',
    });
  }
  return [
    ['base.tar.gz', '.'],
    ['pg_wal.tar.gz', 'pg_wal'],
  ];
}

async function serverTime(admin: ConnectionSettings): Promise<string> {
  await using connection = await connectAdmin(admin, { service: 'qhub-db-backup' });
  const { rows } = await connection.query<{ now: Date }>('select clock_timestamp() as now');
  return (rows[0]?.now ?? new Date()).toISOString();
}
