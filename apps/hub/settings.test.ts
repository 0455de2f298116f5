/** Guarantee: settings are read or refused as a whole, with every fault named and no value repeated. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type HubArguments, readArguments } from './command-line.ts';
import { homeSecretKey } from './secret-key-file.ts';
import { readHubSettings } from './settings.ts';

test('without any setting the hub listens here on 8080, with CORS off and no proxy believed', () => {
  const { http, mail, blobs, secretKey } = readHubSettings({ QHUB_PUBLIC_URL: '' });
  assert.deepEqual([http.host, http.port, http.publicUrl], ['127.0.0.1', 8080, undefined]);
  assert.deepEqual([http.corsOrigins, http.trustedProxies], [[], []]);
  assert.deepEqual([mail, blobs.folder, secretKey], [undefined, undefined, undefined]);
  assert.deepEqual(http.limits.credential, { requests: 1200, windowSeconds: 60 });
});

test('users have limits without any setting, and each is set by its own', () => {
  assert.deepEqual(readHubSettings({}).jobs, {
    perUser: 10_000,
    runningPerUser: 16,
    perSimulator: 64,
    perWorker: undefined,
    stopSeconds: 30,
  });
  const set = {
    QHUB_JOBS_PER_USER: '5',
    QHUB_RUNNING_JOBS_PER_USER: '2',
    QHUB_SIMULATOR_JOBS: '3',
    QHUB_WORKER_JOBS: '4',
    QHUB_STOP_SECONDS: '0',
  };
  assert.deepEqual(readHubSettings(set).jobs, {
    perUser: 5,
    runningPerUser: 2,
    perSimulator: 3,
    perWorker: 4,
    stopSeconds: 0,
  });
  assert.throws(() => readHubSettings({ QHUB_JOBS_PER_USER: '0' }), /QHUB_JOBS_PER_USER/);
});

test('all faults are told at once, without their values', () => {
  const faulty = {
    QHUB_HTTP_PORT: '70000',
    QHUB_PUBLIC_URL: 'ftp://hunter2',
    QHUB_TRUSTED_PROXIES: '10.0.0.0/33',
    QHUB_CORS_ORIGINS: 'https://a.example.org/path',
    QHUB_SECRET_KEY: 'hunter2',
    QHUB_LOG_LEVEL: 'loud',
  };
  assert.throws(
    () => readHubSettings(faulty),
    (error: Error) =>
      Object.keys(faulty).every((name) => error.message.includes(name)) && !error.message.includes('hunter2'),
  );
  assert.throws(() => readHubSettings({ QHUB_SMTP_URL: 'smtp://a:25' }), /belong together/);
  assert.throws(
    () => readHubSettings({ QHUB_BLOB_DIR: 'a', QHUB_BLOB_S3_BUCKET: 'abc' }),
    /exclude each other/,
  );
});

test('secrets of the settings print as hidden', () => {
  const settings = readHubSettings({
    QHUB_SECRET_KEY: 'a secret of forty characters, or nearly so',
    QHUB_SMTP_URL: 'smtp://user:hunter2@mail.example.org',
    QHUB_MAIL_FROM: 'hub@example.org',
    QHUB_METRICS_TOKEN: 'token-of-the-scraper',
  });
  assert.doesNotMatch(JSON.stringify(settings), /hunter2|forty|scraper/);
  assert.equal(settings.mail?.url.reveal(), 'smtp://user:hunter2@mail.example.org');
});

test('the key of a home is made once, 0600, and the same for processes that start together', async () => {
  const home = await mkdtemp(join(tmpdir(), 'qhub-key-'));
  try {
    const keys = await Promise.all([homeSecretKey(home), homeSecretKey(home)]);
    assert.equal(new Set(keys.map((key) => key.reveal())).size, 1);
    assert.ok((keys[0]?.reveal().length ?? 0) >= 43);
    assert.equal((await stat(join(home, 'secret-key'))).mode & 0o777, 0o600);
  } finally {
    await rm(home, { recursive: true });
  }
});

test('the command line names what it does not know', () => {
  assert.deepEqual(readArguments(['--role', 'worker', '--services', 'execution', '--port', '0']), {
    role: 'worker',
    services: ['execution'],
    host: undefined,
    port: 0,
  });
  assert.equal(readArguments(['--help']), 'help');
  assert.throws(() => readArguments(['--role', 'boss']), /--role is "boss"; expected one of all, api/);
  assert.throws(() => readArguments(['--services', 'mail']), /--services names mail; expected some of/);
  for (const none of ['--services=', '--services=,']) {
    assert.throws(() => readArguments([none]), /--services is "[^"]*"; expected some of identity/);
  }
  assert.deepEqual((readArguments(['--services', 'identity,identity']) as HubArguments).services, [
    'identity',
  ]);
  assert.throws(() => readArguments(['--port', '99999']), /--port is "99999"/);
  assert.throws(() => readArguments(['--prot', '1']), /Unknown option '--prot'$/);
});

test('a process that would have nothing to do, or an address that nobody would listen at, is refused', () => {
  assert.throws(
    () => readArguments(['--role', 'worker', '--services', 'identity,marketplace']),
    /a worker runs the jobs of execution, which --services does not name; add it, or leave --services out/,
  );
  assert.throws(
    () => readArguments(['--role', 'scheduler', '--host', '0.0.0.0']),
    /a scheduler listens with --port only; expected --port beside --host/,
  );
  const upkeep = readArguments(['--role', 'scheduler', '--services', 'identity']) as HubArguments;
  assert.equal(upkeep.role, 'scheduler', 'partitions and backups are every hub’s');
});
