import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from '../server/account.ts';
import type { ConnectionSettings } from './client.ts';
import { programPath } from './test-programs.ts';

/** A real PgBouncer in transaction mode, with two connections to the server whatever the number of clients. */
export class PgBouncer implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  constructor(port: number, child: ChildProcess, directory: string) {
    this.port = port;
    this.#child = child;
    this.#directory = directory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'close');
    // SIGTERM is its immediate shutdown.
    this.#child.kill('SIGTERM');
    await gone;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

function configuration(server: ConnectionSettings, port: number, users: string): string {
  return `
[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 2
`;
}

type Login = Pick<ConnectionSettings, 'user' | 'password'>;

/** It refuses to run as root, so root runs it as the user of the server. Logins beside that of `server` may come too. */
export async function startPgBouncer(server: ConnectionSettings, ...logins: Login[]): Promise<PgBouncer> {
  const directory = mkdtempSync(join(tmpdir(), 'qhub-pgbouncer-'));
  const account = serverAccount();
  const [port, users, config] = [
    await freePort(),
    join(directory, 'users'),
    join(directory, 'pgbouncer.ini'),
  ];
  const lines = [server, ...logins].map(({ user, password }) => `"${user}" "${password}"\n`);
  writeFileSync(users, lines.join(''), { mode: 0o600 });
  writeFileSync(config, configuration(server, port, users), { mode: 0o600 });
  chmodSync(directory, 0o700);
  if (account) for (const path of [directory, users, config]) chownSync(path, account.uid, account.gid);
  const child = spawn('pgbouncer', [config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: programPath },
    ...account,
  });
  let log = '';
  await new Promise<void>((done, fail) => {
    child.once('error', fail);
    child.once('exit', () => fail(new Error(`pgbouncer did not start:\n${log}`)));
    child.stderr?.setEncoding('utf8').on('data', (chunk) => {
      log += chunk;
      if (/process up/.test(log)) done();
    });
  });
  return new PgBouncer(port, child, directory);
}
