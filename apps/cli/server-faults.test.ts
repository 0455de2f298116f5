import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, settingsOf, type TestDatabase, testFolder } from '@quantum-hub/database/testing';
import { bin, qhub, type Variables } from './test-qhub.ts';

/** Root may write everywhere; this user has no rights. */
const nobody = 65_534;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database[Symbol.asyncDispose]());

const settings = (changes: Variables = {}) => ({ ...settingsOf(database), ...changes });

/** Every command that works at the database: each has to tell of the fault alike. */
const commands = [
  ['db', 'psql'],
  ['db', 'provision'],
  ['db', 'migration', 'up'],
  ['db', 'partitions', 'create'],
];

async function eachSays(env: Variables, said: RegExp): Promise<void> {
  const runs = commands.map(async (args) => ({ args, ...(await qhub(args, { env, input: 'select 1;' })) }));
  for (const { args, code, stdout, stderr } of await Promise.all(runs)) {
    assert.equal(code, 1, `${args.join(' ')}: ${stdout}${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.doesNotMatch(stderr, / {4}at |not-the-password/);
  }
}

test('an unreachable host is one sentence that names it', async () => {
  await eachSays(
    settings({ POSTGRES_HOST: 'db.invalid' }),
    /^qhub: no PostgreSQL answers at db\.invalid:\d+ \(.*\); start it, or correct POSTGRES_HOST and POSTGRES_PORT\n$/,
  );
});

test('a port where nothing listens, and one where something else does, are told apart from a server', async () => {
  const other = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await eachSays(
    settings({ POSTGRES_PORT: String(port) }),
    /^qhub: no PostgreSQL answers at 127\.0\.0\.1:\d+ \(/,
  );
  other.close();
  await once(other, 'close');
  await eachSays(
    settings({ POSTGRES_PORT: String(port) }),
    /\(the connection was refused\); start it, or correct/,
  );
});

test('a wrong password names the login and never the password', async () => {
  const env = settings({
    POSTGRES_PASSWORD: 'not-the-password',
    POSTGRES_ADMIN_USER: '',
    POSTGRES_ADMIN_PASSWORD: '',
  });
  await eachSays(env, /refused the password of the login "quantum_user"; correct POSTGRES_PASSWORD\n$/);
});

test('a database that is missing is named, with the command that makes it', async () => {
  const env = settings({ POSTGRES_DB: 'nowhere' });
  // Provisioning makes it, and migrating provisions.
  for (const args of commands.filter(([, name]) => !['provision', 'migration'].includes(name ?? ''))) {
    const { code, stderr } = await qhub(args, { env });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^qhub: PostgreSQL at .* has no database "nowhere"; run `npx qhub db provision`, which creates it, or correct POSTGRES_DB\n$/,
    );
  }
});

test('a bad URL and bad settings are all named at once, and no server is asked', async () => {
  const url = await qhub(['db', 'health'], { env: { DATABASE_URL: 'mysql://me:secret@x/y' } });
  assert.deepEqual(url, {
    code: 1,
    stdout: '',
    stderr: 'qhub: the database settings are wrong: DATABASE_URL has to start with postgresql://\n',
  });
  const { code, stderr } = await qhub(['db', 'health', '--json'], {
    env: settings({ POSTGRES_PORT: 'http', POSTGRES_POOL_MAX: '0' }),
  });
  assert.equal(code, 1);
  const { error } = JSON.parse(stderr);
  assert.equal(error.code, 'database.config_invalid');
  assert.match(error.message, /POSTGRES_PORT is "http".*\n.*POSTGRES_POOL_MAX is "0"/);
});

test('a home that cannot be written is named, with what to do', async (t) => {
  using folder = testFolder();
  const asFile = await qhub(['db', 'server', 'start'], { env: { QHUB_HOME: join('/etc/passwd', 'home') } });
  assert.equal(asFile.code, 1);
  assert.match(
    asFile.stderr,
    /^qhub: \/etc\/passwd\/home cannot be written \(.*\); give yourself the right or set QHUB_HOME to another folder\n$/,
  );
  const uid = process.getuid?.() === 0 ? nobody : undefined;
  if (uid !== undefined && spawnSync('test', ['-r', bin], { uid }).status !== 0) {
    return t.diagnostic(`the user ${uid} cannot read this checkout: the closed folder is not tried`);
  }
  chmodSync(folder.path, 0o755);
  const closed = join(folder.path, 'closed');
  mkdirSync(closed, { mode: 0o555 });
  const run = await qhub(['db', 'server', 'start'], { env: { QHUB_HOME: join(closed, 'home') }, uid });
  assert.equal(run.code, 1);
  assert.match(run.stderr, /^qhub: .*closed\/home cannot be written \(EACCES/);
});

test('the embedded server’s commands say so when the settings name another server', async () => {
  for (const name of ['start', 'stop', 'status']) {
    const { code, stderr } = await qhub(['db', 'server', name], { env: settings() });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^qhub: the database is the server at 127\.0\.0\.1:\d+, as POSTGRES_HOST or DATABASE_URL says/,
    );
  }
});
