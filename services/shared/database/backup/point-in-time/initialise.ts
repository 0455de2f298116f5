/** Setting up: the engine, its repository, and what the server needs to archive. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import {
  authoritiesFile,
  pgbackrestConfiguration,
  type RepositorySecrets,
} from './engines/pgbackrest-configuration.ts';
import { chooseEngine, openEngine } from './open-engine.ts';
import { makeOwnedFolder, writeOwned } from './owned-files.ts';
import { askServer, maintenance, type ServerFacts, service } from './server-facts.ts';
import { archivePlace, type EngineName, type Pitr, writePitr } from './settings-file.ts';

export interface InitOptions extends RepositorySecrets {
  readonly kind: 'embedded' | 'server';
  /** Our own folder for this server. */
  readonly dir: string;
  /** A folder, in which each engine has one of its own. */
  readonly repository: string;
  readonly engine?: EngineName;
  /** Default 2. */
  readonly keepFull?: number;
  /** Default 60 s. */
  readonly archiveTimeoutSeconds?: number;
  /** Whether to change the server's settings, or only to tell what they should be. */
  readonly apply: boolean;
}

export interface Initialised {
  readonly engine: EngineName;
  /** A folder, or `s3://BUCKET/PATH`. */
  readonly repository: string;
  readonly dir: string;
  readonly encrypted: boolean;
  /** Of postgresql.conf, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly applied: boolean;
  /** The running server does not archive before it is restarted. */
  readonly restartNeeded: boolean;
}

export async function initialisePitr(admin: ConnectionSettings, options: InitOptions): Promise<Initialised> {
  const facts = await askServer(admin);
  const { dir, apply } = options;
  const engineName = await chooseEngine(options.engine, facts);
  const repository = join(options.repository, engineName);
  const secrets = secretsFor(engineName, options);
  const pitr: Pitr = {
    ...facts,
    dir,
    repository,
    bucket: secrets.s3 && `s3://${secrets.s3.bucket}${secrets.s3.path}`,
    engine: engineName,
    kind: options.kind,
    adminUser: admin.user,
    keepFull: options.keepFull ?? 2,
    archiveTimeoutSeconds: options.archiveTimeoutSeconds ?? 60,
  };
  makeOwnedFolder(dir, facts.account);
  if (engineName === 'pgbackrest') {
    const { authorities } = secrets.s3 ?? {};
    if (authorities !== undefined) writeOwned(join(dir, authoritiesFile), authorities, facts.account);
    writeOwned(join(dir, 'pgbackrest.conf'), pgbackrestConfiguration(pitr, secrets), facts.account);
  }
  const engine = await openEngine(pitr);
  await engine.prepare(admin);
  writePitr(pitr);
  const settings = archiveSettings(pitr, facts, engine.archiveCommand());
  return {
    engine: engineName,
    repository: archivePlace(pitr),
    dir,
    encrypted: secrets.passphrase !== undefined,
    settings,
    applied: apply,
    restartNeeded: await applySettings(admin, apply ? settings : {}),
  };
}

function archiveSettings(pitr: Pitr, { walLevel }: ServerFacts, command: string): Record<string, string> {
  return {
    ...(walLevel === 'minimal' && { wal_level: 'replica' }),
    archive_mode: 'on',
    archive_command: command,
    archive_timeout: `${pitr.archiveTimeoutSeconds}s`,
  };
}

/** By ALTER SYSTEM; says whether the server archives only after a restart. */
async function applySettings(admin: ConnectionSettings, settings: Record<string, string>): Promise<boolean> {
  await using connection = await connectAdmin(maintenance(admin), { service });
  for (const [name, value] of Object.entries(settings)) {
    await connection.query(`alter system set ${name} = '${value.replaceAll("'", "''")}'`);
  }
  await connection.query('select pg_reload_conf()');
  const { rows } = await connection.query<{ off: boolean }>(
    "select current_setting('archive_mode') = 'off' or current_setting('wal_level') = 'minimal' as off",
  );
  return rows[0]?.off ?? true;
}

/** As lines of postgresql.conf, where a backslash and a quote are doubled. */
export function settingLines(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  );
}

function secretsFor(engine: EngineName, { dir, passphrase, s3 }: InitOptions): RepositorySecrets {
  if (engine === 'pgbackrest') return { passphrase: passphrase ?? knownPassphrase(dir), s3 };
  if (passphrase === undefined && s3 === undefined) return {};
  throw hubError('database.pitr_option_unsupported', {
    engine: 'plain',
    option: s3 ? 'repositories on S3' : 'encryption',
    remedy: 'install pgBackRest (Debian: apt-get install pgbackrest), or leave it out and encrypt the disk',
  });
}

/** Said once, it stays: an init without it must not begin to write in clear. */
function knownPassphrase(dir: string): string | undefined {
  const path = join(dir, 'pgbackrest.conf');
  if (!existsSync(path)) return undefined;
  return /^repo1-cipher-pass=(.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
}
