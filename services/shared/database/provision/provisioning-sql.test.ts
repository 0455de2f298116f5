import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { type ProvisionOptions, provisioningSql, verifyProvisioning } from './index.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const options: ProvisionOptions = {
  database: 'hub',
  applicationLogin: { name: 'quantum_user', password: "it's a secret" },
  serviceLogins: [{ service: 'worker', name: 'quantum_worker', password: 'another secret' }],
};

it('the script names no password, only verifiers', () => {
  const sql = provisioningSql(options);
  assert.ok(!sql.includes('secret'));
  assert.equal(sql.match(/SCRAM-SHA-256\$4096:/g)?.length, 2);
});

const isMissing = spawnSync('psql', ['--version']).status !== 0;
const skip =
  isMissing && process.env.CI !== 'true' ? 'psql is not installed (Debian: postgresql-client)' : false;

describe('the script, run by hand with psql', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await server.run('postgres', 'create database hub');
    await server.run('postgres', 'create database other');
  });
  after(async () => await server[Symbol.asyncDispose]());

  async function psql(database: string, sql: string): Promise<{ status: number; errors: string }> {
    const child = spawn('psql', ['-X', '-q', '-d', database, '-f', '-'], {
      env: { ...process.env, ...server.psqlEnvironment },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    child.stdin.end(sql);
    const [status] = await once(child, 'close');
    return { status, errors };
  }

  it('provisions the database without a word, the first time and the second', async () => {
    assert.deepEqual(await psql('hub', provisioningSql(options)), { status: 0, errors: '' });
    assert.deepEqual(await psql('hub', provisioningSql(options)), { status: 0, errors: '' });
    const login = { user: 'quantum_user', password: "it's a secret" };
    const serviceLogins = options.serviceLogins ?? [];
    assert.deepEqual(await verifyProvisioning(await server.connect('hub', login), { serviceLogins }), []);
  });

  it('says in one sentence what is wrong and changes nothing, even without ON_ERROR_STOP', async () => {
    const { errors } = await psql('other', provisioningSql(options));
    assert.match(errors, /connection is to the database "other": connect to "hub" to provision it/);
    const [row] = await server.run(
      'other',
      "select count(*)::int as rights from pg_database, aclexplode(datacl) where datname = 'other'",
    );
    assert.equal(row?.rights, 0);
  });
});
