import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { hubError } from '@quantum-hub/kernel';
import { textOf } from './errors.ts';

/** The system user that the server runs as when we are root; undefined means the user that runs us. */
export type Account = { uid: number; gid: number } | undefined;

/** Settings of every child process: nothing of the caller's locale, time zone or PG* variables reaches the server. */
export function childOptions(account: Account) {
  const path = process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  return { cwd: '/', env: { PATH: path, LC_ALL: 'C', TZ: 'UTC' }, ...account };
}

/**
 * PostgreSQL refuses to run as root. Root therefore runs it as the owner of the data directory where there is one, else as
 * the system user `name`, which is created where it is missing (no password, no shell, no home).
 * Not as `nobody`: other services share that user and could read the data.
 */
export function serverAccount({
  dataDir,
  name = 'postgres',
}: {
  dataDir?: string;
  name?: string;
} = {}): Account {
  if (process.getuid?.() !== 0) return undefined;
  const owner = dataDir === undefined ? undefined : statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findAccount(name) ?? createAccount(name);
}

/** Whether the account passes `test <flag> <path>` (as in the shell: -x enter or run, -w write). It is asked, since mode bits don't tell ACLs. */
export function accountCan(account: Account, flag: '-x' | '-w', path: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', `test ${flag} "$1"`, 'sh', path], {
      ...childOptions(account),
      stdio: 'ignore',
    }).status === 0
  );
}

function findAccount(name: string): Account {
  try {
    return { uid: idOf('-u', name), gid: idOf('-g', name) };
  } catch {
    return undefined;
  }
}

function createAccount(name: string): Account {
  try {
    execFileSync('groupadd', ['--system', '--force', name], { stdio: 'pipe' });
    const details = [
      '--gid',
      name,
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
    ];
    execFileSync('useradd', ['--system', ...details, name], { stdio: 'pipe' });
  } catch (error) {
    // Another command may have created it in the same moment.
    const account = findAccount(name);
    if (account) return account;
    throw hubError(
      'database.server_account_missing',
      { account: name, reason: textOf(error).trim() },
      { cause: error },
    );
  }
  return findAccount(name);
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}
