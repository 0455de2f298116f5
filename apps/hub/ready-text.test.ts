import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlaceDescription, PreparedPlace } from '@quantum-hub/database/admin';
import { newSecretKey } from '@quantum-hub/kernel';
import { readyFacts, readyText } from './ready-text.ts';

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
const hubAt = (description: PlaceDescription, prepared: PreparedPlace) => ({
  place: { describe: () => description },
  prepared,
  url: 'http://127.0.0.1:8080',
  administrator: undefined,
});
const prepared = { created: false, warnings: [], migrations: [], partitions: [] };

test('a ready hub says where its database is, where the password is kept, and what was done', () => {
  const text = readyText(
    hubAt(place, { ...prepared, created: true, migrations: ['a', 'b'], partitions: ['p'] }),
  );
  assert.match(text, /Hub +http:\/\/127\.0\.0\.1:8080, described at http:\/\/127\.0\.0\.1:8080\/docs\n/);
  assert.match(text, /Server +127\.0\.0\.1:54320, embedded PostgreSQL 15\.18, started now\n/);
  assert.match(
    text,
    /quantum_hub, login quantum_user \(password: \/x\/\.quantum-hub\/application-password\)\n/,
  );
  assert.match(text, /Prepared +a new database, 2 migrations applied, 1 partition made\n/);
});

test('what provisioning could not do is told with the statement that does it', () => {
  const warnings = [{ sentence: 'the login "x" inherits', statement: 'alter role "x" noinherit' }];
  const text = readyText(hubAt({ ...place, kind: 'server', version: undefined }, { ...prepared, warnings }));
  assert.match(text, /Server +127\.0\.0\.1:54320\n/);
  assert.match(
    text,
    /migrations up to date, partitions up to date\n {2}Note +the login "x" inherits; a superuser would run: alter role/,
  );
});

test('a log has the same facts without the place of the password', () => {
  const facts = readyFacts(hubAt(place, prepared));
  assert.equal(facts.url, 'http://127.0.0.1:8080');
  assert.doesNotMatch(JSON.stringify(facts), /password/);
});

test('the key of a new administrator is shown to the person who starts the hub, and to no log', () => {
  const { secret: key } = newSecretKey('live');
  const hub = { ...hubAt(place, prepared), administrator: { username: 'admin', key } };
  assert.ok(readyText(hub).includes(key.reveal()));
  const log = JSON.stringify(readyFacts(hub));
  assert.ok(!log.includes(key.reveal()));
  assert.match(log, /npx qhub admin key/);
});
