import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readyText } from './ready-text.ts';

const place = {
  kind: 'embedded',
  host: '127.0.0.1',
  port: 54320,
  database: 'quantum_hub',
  user: 'quantum_user',
  adminUser: 'postgres',
  passwordIn: '/x/.quantum-hub/application-password',
  version: '15.18',
  startedHere: true,
} as const;
const prepared = { created: false, warnings: [], migrations: [], partitions: [] };

test('a ready hub says where its database is, where the password is kept, and what was done', () => {
  const text = readyText(place, { ...prepared, created: true, migrations: ['a', 'b'], partitions: ['p'] });
  assert.match(text, /Server +127\.0\.0\.1:54320, embedded PostgreSQL 15\.18, started now\n/);
  assert.match(
    text,
    /quantum_hub, login quantum_user \(password: \/x\/\.quantum-hub\/application-password\)\n/,
  );
  assert.match(text, /Prepared +a new database, 2 migrations applied, 1 partition made\n/);
});

test('what provisioning could not do is told with the statement that does it', () => {
  const warnings = [{ sentence: 'the login "x" inherits', statement: 'alter role "x" noinherit' }];
  const text = readyText({ ...place, kind: 'server', version: undefined }, { ...prepared, warnings });
  assert.match(text, /Server +127\.0\.0\.1:54320\n/);
  assert.match(
    text,
    /migrations up to date, partitions up to date\n {2}Note +the login "x" inherits; a superuser would run: alter role/,
  );
});
