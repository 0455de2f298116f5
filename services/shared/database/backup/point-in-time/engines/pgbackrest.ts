import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { ConnectionSettings } from '../../../connection/client.ts';
import { findProgram } from '../../programs.ts';
import type { BaseBackup, PitrEngine, Pruned } from '../engine.ts';
import { makeOwnedFolder } from '../owned-files.ts';
import { ProgramFailure, runProgram } from '../run-program.ts';
import { archivePlace, type Pitr } from '../settings-file.ts';
import { shellWord } from './archive-programs.ts';
import { stanza } from './pgbackrest-configuration.ts';

/** What `pgbackrest info --output=json` tells of a stanza, as far as we need it. */
const infoSchema = z.array(
  z.object({
    backup: z.array(
      z.object({
        label: z.string(),
        type: z.enum(['full', 'incr', 'diff']),
        error: z.boolean().nullish(),
        archive: z.object({ start: z.string(), stop: z.string() }),
        timestamp: z.object({ start: z.number(), stop: z.number() }),
        info: z.object({ repository: z.object({ delta: z.number() }) }),
      }),
    ),
    repo: z.array(
      z.object({ cipher: z.string(), status: z.object({ code: z.number(), message: z.string() }) }),
    ),
  }),
);

/** In its archive a segment's name goes on with its SHA-1 and how it was compressed. */
const segmentFile = /([0-9A-F]{24})-[0-9a-f]{40}(?:[.]\w+)?$/;

/** Status codes of a repository that simply has nothing yet. */
const emptyCodes = [0, 1, 2];

/** pgBackRest: parallel, incremental, encrypted, on S3 too. */
export class PgBackRestEngine implements PitrEngine {
  readonly #pitr: Pitr;
  readonly #program: string;

  constructor(pitr: Pitr, program: string) {
    this.#pitr = pitr;
    this.#program = program;
  }

  get #configuration(): string {
    return join(this.#pitr.dir, 'pgbackrest.conf');
  }

  async prepare(admin: ConnectionSettings): Promise<void> {
    const { dir, repository, account } = this.#pitr;
    for (const folder of [repository, join(dir, 'lock'), join(dir, 'spool')])
      makeOwnedFolder(folder, account);
    try {
      await this.#connected(admin, 'stanza-create');
    } catch (error) {
      const { output } = error as ProgramFailure;
      if (/do(es)? not match the (database|stanza)|stanza-upgrade|different system-id/.test(output ?? '')) {
        throw hubError(
          'database.pitr_repository_foreign',
          { repository: archivePlace(this.#pitr) },
          { cause: error },
        );
      }
      throw this.#explain(error);
    }
  }

  archiveCommand(): string {
    return `${this.#words} archive-push "%p"`;
  }

  /** pgBackRest refuses to work for a server that stands in another folder than it was told. */
  restoreCommand(dataDir: string): string {
    return `${this.#words} ${shellWord(`--pg1-path=${dataDir}`)} archive-get %f "%p"`;
  }

  get #words(): string {
    return `${shellWord(this.#program)} ${shellWord(`--config=${this.#configuration}`)} --stanza=${stanza}`;
  }

  async backup(admin: ConnectionSettings, kind: BaseBackup['kind']): Promise<BaseBackup> {
    const type = kind === 'full' ? 'full' : 'incr';
    try {
      await this.#connected(admin, 'backup', `--type=${type}`);
    } catch (error) {
      throw this.#explain(error);
    }
    const made = (await this.list()).at(-1);
    if (made) return made;
    throw hubError('database.pitr_no_backup', { repository: archivePlace(this.#pitr) });
  }

  async list(): Promise<BaseBackup[]> {
    const said = await this.#run('info', '--output=json');
    // It quotes what it could not read as it is, which is no JSON any more.
    const answer = infoSchema.parse(JSON.parse(printable(said)));
    const [told] = answer;
    for (const { cipher, status } of told?.repo ?? []) {
      if (emptyCodes.includes(status.code)) continue;
      throw this.#unreadable(cipher, status.message);
    }
    return (told?.backup ?? [])
      .filter(({ error }) => !error)
      .map(({ label, type, archive, timestamp, info }) => ({
        label,
        kind: type === 'full' ? 'full' : 'incremental',
        startedAt: new Date(timestamp.start * 1000),
        stoppedAt: new Date(timestamp.stop * 1000),
        startWal: archive.start,
        stopWal: archive.stop,
        bytes: info.repository.delta,
      }));
  }

  async segments(): Promise<string[]> {
    const answer = await this.#run('repo-ls', `archive/${stanza}`, '--recurse', '--output=json');
    return Object.keys(JSON.parse(answer) as Record<string, unknown>)
      .flatMap((path) => segmentFile.exec(path)?.[1] ?? [])
      .filter((name, index, all) => all.indexOf(name) === index)
      .sort();
  }

  async layOut({ label }: BaseBackup, dataDir: string): Promise<void> {
    try {
      // `none` leaves recovery.signal and no target: these are ours, the same for both engines.
      await this.#command('restore', `--set=${label}`, `--pg1-path=${dataDir}`, '--type=none');
    } catch (error) {
      if (!(error instanceof ProgramFailure)) throw error;
      if (!/checksum|inflate|FormatError|CryptoError|missing file|unable to open/i.test(error.output)) {
        throw error.toHubError();
      }
      const reason = lastError(error.output);
      throw hubError('database.pitr_backup_damaged', { backup: label, reason }, { cause: error });
    }
  }

  async prune(): Promise<Pruned> {
    const before = await this.list();
    await this.#run('expire');
    const after = (await this.list()).map(({ label }) => label);
    return { backups: before.map(({ label }) => label).filter((label) => !after.includes(label)) };
  }

  async check(admin: ConnectionSettings): Promise<void> {
    try {
      await this.#connected(admin, 'check');
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async #run(...args: string[]): Promise<string> {
    try {
      return await this.#command(...args);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async #command(...args: string[]): Promise<string> {
    return await this.#with({}, args);
  }

  /** A command that asks the server, which pgBackRest reaches by a Unix socket only. */
  async #connected(admin: ConnectionSettings, ...args: string[]): Promise<string> {
    const { password } = admin;
    const PGPASSWORD = typeof password === 'object' ? password.reveal() : password;
    return await this.#with({ PGPASSWORD }, [
      ...args,
      `--pg1-port=${admin.port}`,
      `--pg1-socket-path=${this.#pitr.socketDir ?? admin.host}`,
    ]);
  }

  async #with(env: Record<string, string | undefined>, args: readonly string[]): Promise<string> {
    const common = [`--config=${this.#configuration}`, `--stanza=${stanza}`];
    const command = [this.#program, ...common];
    return await runProgram({ command, args, account: this.#pitr.account, env });
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof ProgramFailure)) return error;
    const [, refusal] = /\bFATAL: +(.*)/.exec(error.output) ?? [];
    if (refusal !== undefined && /unable to find primary cluster/.test(error.output)) {
      const { adminUser: user, socketDir = '' } = this.#pitr;
      return hubError('database.pitr_socket_refused', { user, socketDir, reason: refusal }, { cause: error });
    }
    return isCipherFault(error.output) ? this.#cipherWrong() : error.toHubError();
  }

  #unreadable(cipher: string, message: string): Error {
    if (cipher !== 'none' && isCipherFault(message)) return this.#cipherWrong();
    return hubError('database.pitr_program_failed', { program: 'pgbackrest', reason: lastError(message) });
  }

  #cipherWrong(): Error {
    return hubError('database.pitr_cipher_wrong', { file: this.#configuration });
  }
}

// With a wrong passphrase pgBackRest sometimes decrypts rubbish and stumbles over that: then the parser complains.
// A certificate that it does not trust is a CryptoError as well, and none of the passphrase.
function isCipherFault(output: string): boolean {
  if (/certificate/i.test(output)) return false;
  return /CryptoError|key\/value found outside of section|cipher/i.test(output);
}

function lastError(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const words = lines.findLast((line) => /ERROR/.test(line)) ?? lines.at(0) ?? 'it said nothing';
  return words.replace(/^.*ERROR: /, '').trim();
}

function printable(text: string): string {
  return Array.from(text, (character) => (character < ' ' || character === '\u007f' ? ' ' : character)).join(
    '',
  );
}

/** The program, if it is here and knows servers of this major. */
export async function pgbackrestFor(major: number): Promise<string | undefined> {
  const program = await findProgram('pgbackrest').catch(() => undefined);
  const [path] = program?.command ?? [];
  return program && path && newestMajor(program.version) >= major ? path : undefined;
}

/** Of PostgreSQL, that a version of pgBackRest knows (its release notes). */
function newestMajor(version: string): number {
  const minor = Number(/^2\.(\d+)/.exec(version)?.[1] ?? 0);
  if (minor >= 56) return 18;
  if (minor >= 54) return 17;
  if (minor >= 48) return 16;
  return minor >= 41 ? 15 : 14;
}
