import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { isHubError } from '@quantum-hub/kernel';
import fc from 'fast-check';
import { ConfigError, databaseSettings, readDatabaseConfig } from './config.ts';

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readDatabaseConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError && isHubError(error, 'database.config_invalid'));
    return error.faults;
  }
}

function server(env: Record<string, string>) {
  const config = readDatabaseConfig({ POSTGRES_HOST: 'db.example', ...env });
  assert.ok(config.kind === 'server');
  return config;
}

test('without a host the embedded server is used, and settings without effect are named', () => {
  const plain = readDatabaseConfig({});
  assert.equal(plain.kind, 'embedded');
  assert.match(plain.home, /\/\.quantum-hub$/);
  assert.deepEqual(plain.notices, []);
  const leftOver = readDatabaseConfig({
    POSTGRES_USER: 'me',
    POSTGRES_HOST: '',
    INIT_CWD: '/x',
    QHUB_HOME: 'y',
  });
  assert.equal(leftOver.kind, 'embedded');
  assert.equal(leftOver.home, '/x/y');
  assert.match(leftOver.notices.join(), /POSTGRES_USER set, but no POSTGRES_HOST/);
});

test('behind a pooler the server itself has an address of its own; a port alone belongs to the host it goes with', () => {
  const pooler = { POSTGRES_PORT: '6432' };
  assert.deepEqual(server(pooler).direct, { host: 'db.example', port: 6432 });
  assert.deepEqual(server({ ...pooler, POSTGRES_DIRECT_HOST: 'db-1' }).direct, { host: 'db-1', port: 5432 });
  assert.deepEqual(server({ ...pooler, POSTGRES_DIRECT_PORT: '5433' }).direct, {
    host: 'db.example',
    port: 5433,
  });
});

test('a server needs only its host; the rest has the defaults of the documentation', () => {
  const config = server({});
  assert.deepEqual(
    { ...config, home: '', notices: [] },
    {
      kind: 'server',
      host: 'db.example',
      port: 5432,
      direct: { host: 'db.example', port: 5432 },
      database: 'quantum_hub',
      login: { user: 'quantum_user', password: undefined },
      admin: { user: 'quantum_user', password: undefined },
      tls: { mode: 'disable', rootCertificate: undefined, certificate: undefined, key: undefined },
      home: '',
      poolMax: 10,
      connectTimeoutMs: 5000,
      slowStatementMs: 500,
      prepared: 'auto',
      timeouts: { statementTimeoutMs: 15_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 60_000 },
      notices: [],
    },
  );
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.login) && Object.isFrozen(config.timeouts));
});

test('a URL says the same as the single settings, special characters included', () => {
  const config = readDatabaseConfig({
    DATABASE_URL: 'postgres://m%40x:p%2Fw%25@[::1]:6000/hub%20db?sslmode=verify-full&sslrootcert=system',
  });
  assert.ok(config.kind === 'server');
  assert.deepEqual(
    [
      config.host,
      config.port,
      config.login.user,
      config.login.password?.reveal(),
      config.database,
      config.tls.mode,
    ],
    ['::1', 6000, 'm@x', 'p/w%', 'hub db', 'verify-full'],
  );
  const socket = readDatabaseConfig({ DATABASE_URL: 'postgresql:///hub?host=/var/run/postgresql' });
  assert.ok(socket.kind === 'server' && socket.host === '/var/run/postgresql');
});

test('an administrator of its own has its own password', () => {
  const config = server({ POSTGRES_USER: 'u', POSTGRES_ADMIN_USER: 'root', POSTGRES_ADMIN_PASSWORD: 'r' });
  assert.equal(config.admin.user, 'root');
  assert.equal(config.admin.password?.reveal(), 'r');
});

test('passwords can come from files, and a file that cannot be read is a fault', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'qhub-config-')), 'secret');
  writeFileSync(file, 'from file\n');
  assert.equal(server({ POSTGRES_PASSWORD_FILE: file }).login.password?.reveal(), 'from file');
  assert.match(
    faultsOf({ POSTGRES_HOST: 'h', POSTGRES_PASSWORD_FILE: '/nowhere/secret' }).join(),
    /POSTGRES_PASSWORD_FILE is "\/nowhere\/secret" \(ENOENT\); expected a readable file/,
  );
  assert.match(
    faultsOf({ POSTGRES_HOST: 'h', POSTGRES_PASSWORD_FILE: file, POSTGRES_PASSWORD: 'x' }).join(),
    /both set/,
  );
});

const faulty: [env: Record<string, string>, fault: RegExp][] = [
  [{ POSTGRES_HOST: 'h', POSTGRES_PORT: '70000' }, /^POSTGRES_PORT is "70000"; expected a port, 1 to 65535$/],
  [{ POSTGRES_PORT: 'x' }, /^POSTGRES_PORT is "x"/],
  [{ POSTGRES_PORT: '1e3' }, /^POSTGRES_PORT is "1e3"/],
  [{ POSTGRES_HOST: 'a,b' }, /^POSTGRES_HOST is "a,b"; expected one host/],
  [{ POSTGRES_HOST: 'h', POSTGRES_POOL_MAX: '0' }, /^POSTGRES_POOL_MAX is "0"/],
  [{ POSTGRES_HOST: 'h', POSTGRES_CONNECT_TIMEOUT_MS: '0' }, /^POSTGRES_CONNECT_TIMEOUT_MS is "0"/],
  [
    { POSTGRES_HOST: 'h', POSTGRES_SSLMODE: 'prefer' },
    /^POSTGRES_SSLMODE is "prefer"; expected disable, require/,
  ],
  [
    { POSTGRES_HOST: 'h', POSTGRES_SSLROOTCERT: '/nowhere' },
    /^POSTGRES_SSLROOTCERT is "\/nowhere" \(ENOENT\)/,
  ],
  [{ POSTGRES_HOST: 'h', POSTGRES_SSLROOTCERT: '/dev/null' }, /which holds no PEM/],
  [{ POSTGRES_HOST: 'h', POSTGRES_SSLCERT: '/dev/null' }, /belong together/],
  [{ POSTGRES_HOST: 'h', POSTGRES_ADMIN_PASSWORD: 'x' }, /without POSTGRES_ADMIN_USER/],
  [{ POSTGRES_PREPARED: 'yes' }, /^POSTGRES_PREPARED is "yes"; expected auto, on or off$/],
  [{ DATABASE_URL: 'mysql://h/d' }, /^DATABASE_URL has to start with postgresql:\/\/$/],
  [{ DATABASE_URL: 'postgres://u:p@h:99999/d' }, /^DATABASE_URL is not a URL/],
  [{ DATABASE_URL: 'postgres://u:p@h,i/d' }, /^POSTGRES_HOST is "h,i"/],
  [{ DATABASE_URL: 'postgres://u:%zz@h/d' }, /^DATABASE_URL has a % without/],
  [{ DATABASE_URL: 'postgres:///d' }, /^DATABASE_URL names no host/],
  [{ DATABASE_URL: 'postgres://h/d?sslmod=x' }, /^DATABASE_URL has an unknown parameter "sslmod"/],
  [
    { DATABASE_URL: 'postgres://h/d', POSTGRES_HOST: 'i' },
    /^POSTGRES_HOST and DATABASE_URL say different things: "i" and "h"/,
  ],
  [
    { DATABASE_URL: 'postgres://u:p@h/d', POSTGRES_PASSWORD: 'q' },
    /^POSTGRES_PASSWORD and DATABASE_URL say different things; set/,
  ],
];

for (const [env, fault] of faulty) {
  test(`a wrong setting gets one line with its name and what was expected: ${JSON.stringify(env)}`, () => {
    const faults = faultsOf(env);
    assert.ok(
      faults.some((line) => fault.test(line)),
      `${fault} in ${JSON.stringify(faults)}`,
    );
    for (const line of faults) assert.doesNotMatch(line, /\n/);
  });
}

test('all faults come at once, in one error with a line for each', () => {
  const faults = faultsOf({
    POSTGRES_HOST: 'h h',
    POSTGRES_PORT: '0',
    POSTGRES_SSLKEY: '/nowhere',
    POSTGRES_LOCK_TIMEOUT_MS: '-1',
  });
  assert.equal(faults.length, 5);
  assert.throws(
    () => readDatabaseConfig({ POSTGRES_PORT: '0', POSTGRES_POOL_MAX: '0' }),
    /wrong:\n- POSTGRES_PORT.*\n- POSTGRES_POOL_MAX/,
  );
});

test('a password never shows: not in the configuration, not in a fault, whatever else is wrong', () => {
  const text = fc.string({ minLength: 6, maxLength: 20 }).map((random) => `sEcReT${random}`);
  const other = fc.constantFrom('', 'x', '70000', 'postgres://h', 'verify-full', '/nowhere');
  fc.assert(
    fc.property(text, other, other, other, (secret, port, mode, url) => {
      const inUrl = `postgres://u:${encodeURIComponent(secret)}@h:${port}/d?sslmode=${mode}`;
      const env = { POSTGRES_PASSWORD: secret, POSTGRES_PORT: port, POSTGRES_SSLMODE: mode };
      for (const variant of [
        { ...env, POSTGRES_HOST: 'h' },
        { DATABASE_URL: inUrl },
        { ...env, DATABASE_URL: url },
      ]) {
        let shown: string;
        try {
          const config = readDatabaseConfig(variant);
          shown = `${inspect(config, { depth: 9 })} ${JSON.stringify(config)}`;
        } catch (error) {
          shown = inspect(error, { depth: 9 });
        }
        assert.ok(!shown.includes('sEcReT'), shown);
      }
    }),
  );
});

test('any environment gives a configuration or a list of faults, never another error', () => {
  const name = fc.constantFrom(...databaseSettings.map((setting) => setting.name));
  fc.assert(
    fc.property(fc.dictionary(name, fc.string()), (env) => {
      assert.ok(Array.isArray(faultsOf(env)));
    }),
  );
});

test('the documented settings are all that exist, each with a meaning', () => {
  for (const setting of databaseSettings) {
    assert.match(setting.name, /^(POSTGRES_|DATABASE_URL$|QHUB_HOME$)/);
    assert.ok(setting.meaning.endsWith('.') && setting.expected.length > 0);
  }
  assert.equal(new Set(databaseSettings.map((setting) => setting.name)).size, databaseSettings.length);
});
