import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { THROWAWAY } from './settings.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

// The client alone can read the file; no engine is needed.
const compose = [['docker', 'compose'], ['docker-compose']].find(
  ([program = '', ...args]) => spawnSync(program, [...args, 'version'], { stdio: 'ignore' }).status === 0,
);
const skip = compose || process.env.CI ? false : 'needs `docker compose` or `docker-compose`';

describe('docker-compose.yml', () => {
  it('is accepted by Compose and means what the README promises', { skip }, () => {
    const [program = 'docker-compose', ...args] = compose ?? [];
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    const { status, stdout, stderr } = spawnSync(program, [...args, 'config'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    for (const promise of [
      /POSTGRES_DB: quantum_hub/,
      /POSTGRES_USER: quantum_user/,
      /POSTGRES_PASSWORD: quantum_password/,
    ]) {
      assert.match(stdout, promise);
    }
    assert.match(stdout, /127\.0\.0\.1:5432:5432|host_ip: 127\.0\.0\.1\s[\s\S]*published: "?5432"?/);
  });

  it('keeps the promises of the README: name, user, password, port, image, checks, volume', () => {
    const promises = [
      /^ {2}postgres:\n {4}image: postgres:15\.\d+$/m,
      /^ {6}POSTGRES_DB: quantum_hub$/m,
      /^ {6}POSTGRES_USER: quantum_user$/m,
      /^ {6}POSTGRES_PASSWORD: quantum_password$/m,
      /^ {6}- "127\.0\.0\.1:\$\{POSTGRES_PORT:-5432\}:5432"$/m,
      /^ {6}test: \["CMD", "pg_isready", .*"--username=quantum_user", "--dbname=quantum_hub"\]$/m,
      /^ {6}- postgres-data:\/var\/lib\/postgresql\/data$/m,
      /^volumes:\n {2}postgres-data:$/m,
    ];
    for (const promise of promises) assert.match(text, promise);
  });

  it('initialises and logs as the embedded server does', () => {
    for (const flag of ['--encoding=UTF8', '--locale=C', '--data-checksums', 'scram-sha-256'])
      assert.ok(text.includes(flag), flag);
    const silent = Object.entries(THROWAWAY).filter(([name]) => /^log_(statement|min|parameter)/.test(name));
    assert.ok(silent.length >= 6);
    for (const [name, value] of silent) assert.ok(text.includes(`- ${name}=${value}\n`), `${name}=${value}`);
  });
});
