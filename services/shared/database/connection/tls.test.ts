import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { readDatabaseConfig } from '../config.ts';
import { serverAccount } from '../server/account.ts';
import { createThrowawayServer, type ThrowawayServer } from '../server/index.ts';
import { connectAdmin } from './admin-connection.ts';
import { connectionSettings } from './client.ts';
import { without } from './test-programs.ts';

const skip = without('openssl', 'openssl');
let server: ThrowawayServer;
let directory: string;

function openssl(...words: string[]): void {
  execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' });
}

function authority(name: string): void {
  openssl(
    ...`req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.crt`.split(
      ' ',
    ),
  );
}

before(async () => {
  if (skip) return;
  directory = mkdtempSync(join(tmpdir(), 'qhub-tls-'));
  chmodSync(directory, 0o755);
  authority('root');
  authority('stranger');
  openssl(...'req -newkey rsa:2048 -nodes -subj /CN=db -keyout server.key -out server.csr'.split(' '));
  execFileSync('sh', ['-c', 'echo "subjectAltName=DNS:localhost" > names'], { cwd: directory });
  openssl(
    ...'x509 -req -in server.csr -CA root.crt -CAkey root.key -CAcreateserial -days 2 -extfile names -out server.crt'.split(
      ' ',
    ),
  );
  const account = serverAccount();
  const key = join(directory, 'server.key');
  chmodSync(key, 0o600);
  if (account) chownSync(key, account.uid, account.gid);
  server = await createThrowawayServer({
    settings: { ssl: true, ssl_cert_file: join(directory, 'server.crt'), ssl_key_file: key },
  });
});
after(async () => {
  await server?.stop();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

/** Connects as the environment says and tells whether the connection is encrypted. */
async function encrypted(env: Record<string, string>): Promise<unknown> {
  const config = readDatabaseConfig({
    POSTGRES_HOST: 'localhost',
    POSTGRES_PORT: String(server.port),
    POSTGRES_USER: server.adminUser,
    POSTGRES_PASSWORD: server.adminPassword,
    POSTGRES_DB: 'postgres',
    ...env,
  });
  assert.ok(config.kind === 'server');
  await using admin = await connectAdmin(connectionSettings(config, config.admin), { service: 'test' });
  const { rows } = await admin.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
  return rows[0]?.ssl;
}

/** libpq's table: what each mode takes, by host name and by which authority is trusted. */
const cases: [mode: string, host: string, root: 'root' | 'stranger' | undefined, takes: boolean][] = [
  ['require', 'localhost', undefined, true],
  ['require', '127.0.0.1', undefined, true],
  ['require', 'localhost', 'stranger', false],
  ['verify-ca', 'localhost', 'root', true],
  ['verify-ca', '127.0.0.1', 'root', true],
  ['verify-ca', 'localhost', 'stranger', false],
  ['verify-ca', 'localhost', undefined, false],
  ['verify-full', 'localhost', 'root', true],
  ['verify-full', '127.0.0.1', 'root', false],
  ['verify-full', 'localhost', 'stranger', false],
];

for (const [mode, host, root, takes] of cases) {
  const trusted = root ?? 'no authority of its own';
  test(`TLS ${mode} to ${host}, trusting ${trusted}: ${takes ? 'encrypted' : 'refused'}`, {
    skip,
  }, async () => {
    const work = encrypted({
      POSTGRES_HOST: host,
      POSTGRES_SSLMODE: mode,
      POSTGRES_SSLROOTCERT: root ? join(directory, `${root}.crt`) : '',
    });
    if (takes) return assert.equal(await work, true);
    await assert.rejects(work, (error) => {
      assert.ok(isHubError(error, 'database.tls_failed'), String(error));
      assert.match(error.message, /see POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT/);
      return true;
    });
  });
}

test('without a mode nothing is encrypted, and the key of a client never shows', { skip }, async () => {
  assert.equal(await encrypted({}), false);
  const file = join(directory, 'root.key');
  const config = readDatabaseConfig({
    POSTGRES_HOST: 'h',
    POSTGRES_SSLCERT: join(directory, 'root.crt'),
    POSTGRES_SSLKEY: file,
  });
  const line = readFileSync(file, 'utf8').split('\n')[3] as string;
  assert.ok(!JSON.stringify(config).includes(line));
});
