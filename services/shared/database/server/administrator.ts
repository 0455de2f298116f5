import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type HubError, hubError } from '@quantum-hub/kernel';
import { Client, DatabaseError } from 'pg';
import { type Account, childOptions } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explainRefusal } from './server-log.ts';
import { ADMIN_USER, HOST } from './settings.ts';

/** The file of the home that holds the superuser's password. */
export const ADMIN_PASSWORD_FILE = 'admin-password';

const INVALID_PASSWORD = '28P01';
const CANNOT_CONNECT_NOW = '57P03';

/** Asks the server who it is; proves by that that it lets the administrator in. undefined while it recovers, starts or stops. */
export async function identify(
  home: string,
  { port, password, dataDir, logFile }: { port: number; password: string; dataDir: string; logFile: string },
): Promise<{ version: string; clusterName: string } | undefined> {
  const client = new Client({
    host: HOST,
    port,
    user: ADMIN_USER,
    password,
    database: 'postgres',
    application_name: 'quantum-hub server',
    // Said here, because pg would take them from PGSSLMODE and PGOPTIONS, which are meant for other servers.
    ssl: false,
    options: '-c statement_timeout=0',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; cluster_name: string }>(
      "select current_setting('server_version') as version, current_setting('cluster_name') as cluster_name",
    );
    return { version: rows[0]?.version.split(' ')[0] ?? '', clusterName: rows[0]?.cluster_name ?? '' };
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INVALID_PASSWORD) throw passwordLost(home);
    if (error instanceof DatabaseError && error.code === CANNOT_CONNECT_NOW) return undefined;
    throw explainRefusal(error, { dataDir, port, logFile });
  } finally {
    await client.end();
  }
}

export function passwordLost(home: string): HubError {
  return hubError('database.server_password_lost', { file: join(home, ADMIN_PASSWORD_FILE) });
}

/** Sets the administrator's password on data whose server is down, by PostgreSQL's single-user mode: who owns the files may. */
export async function resetAdminPassword(
  dataDir: string,
  { binaries, account, password }: { binaries: Binaries; account: Account; password: string },
): Promise<void> {
  const args = [
    '--single',
    '-D',
    dataDir,
    '-c',
    'log_min_messages=log',
    '-c',
    'log_min_error_statement=panic',
    'postgres',
  ];
  const child = spawn(binaries.postgres, args, {
    ...childOptions(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // base64url needs no quoting; a line is a statement here.
  child.stdin.end(`alter role ${ADMIN_USER} password '${password}'\n`);
  await once(child, 'close');
}
