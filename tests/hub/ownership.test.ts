/**
 * Guarantee: what belongs to somebody is there for its owner and for nobody else, whatever id stands in the path; and no
 * secret that was given out or sent in stands in clear in the database or the log.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentedServices } from '../../apps/hub/openapi.ts';
import { without } from '../../services/shared/database/testing/index.ts';
import type { Route } from '../../services/shared/http/index.ts';
import { accessTable, type Owned } from './access-table.ts';
import { type FullHub, type Person, startFullHub } from './test-full-hub.ts';
import { requireNothingKept } from './test-secrets.ts';

const routes: readonly Route[] = documentedServices().flatMap((service) => service.routes);
const owned = routes.filter(({ name }) => accessTable[name]?.owned);
const bell = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1]; bit[2] c = measure q;';
const skip = without('pg_dump', 'postgresql-client');
let hub: FullHub;
let ada: Person;
let bob: Person;
let administrator: Person;

before(async () => {
  hub = await startFullHub();
  ada = await hub.person();
  bob = await hub.person();
  administrator = await hub.person(['administrator', 'operator']);
});
after(async () => await hub[Symbol.asyncDispose]());

const make: Record<Owned, (person: Person) => Promise<string>> = {
  key: async ({ token }) => {
    const body = { name: 'laptop', scopes: ['identity:read'] };
    const { status, body: key } = await hub.request('POST', '/v1/keys', { as: token, body });
    assert.equal(status, 201, JSON.stringify(key));
    return key.id;
  },
  session: async (person) => {
    const before = person.token;
    await hub.signIn(person);
    const { body } = await hub.request('GET', '/v1/sessions', { as: person.token });
    person.token = before;
    return body.items.find(({ current }: { current: boolean }) => current).id;
  },
  job: async ({ token }) => {
    const body = {
      device: 'local/statevector',
      program: { language: 'openqasm', source: bell },
      shots: 10,
      seed: 1,
    };
    const { status, body: job } = await hub.request('POST', '/v1/jobs', { as: token, body });
    assert.equal(status, 201, JSON.stringify(job));
    for (;;) {
      const { body: now } = await hub.request('GET', `/v1/jobs/${job.id}?wait=30`, { as: token });
      if (['completed', 'failed', 'cancelled'].includes(now.status)) {
        assert.equal(now.status, 'completed', JSON.stringify(now));
        return job.id;
      }
    }
  },
};

const call = async ({ name, method, path }: Route, id: string, as: string) =>
  await hub.request(method, path.replace(':id', id), { as, body: accessTable[name]?.body });

test('another’s key, session or job looks as if it did not exist, to administrators too; its owner has it', async () => {
  assert.ok(owned.length >= 10, `${owned.length} routes`);
  for (const route of owned) {
    const row = accessTable[route.name];
    const id = await make[row?.owned as Owned](ada);
    for (const stranger of [bob, administrator]) {
      const { status, body } = await call(route, id, stranger.token);
      assert.equal(status, 404, `${route.name} by ${stranger.username}: ${JSON.stringify(body)}`);
      const unknown = await call(route, '0199a8f2-7c3e-7000-8000-000000000000', stranger.token);
      const told = ({ code, detail }: { code: string; detail: string }) => [
        code,
        detail.replace(/[0-9a-f-]{36}/, ''),
      ];
      assert.deepEqual(told(body), told(unknown.body), `${route.name}: not told from what is nobody's`);
    }
    const { status, body } = await call(route, id, ada.token);
    assert.ok(row?.own?.includes(status), `${route.name} by its owner: ${status} ${JSON.stringify(body)}`);
  }
});

test('lists hold one’s own only', async () => {
  const ids: string[] = [];
  for (const kind of ['key', 'session', 'job'] as const) ids.push(await make[kind](ada));
  for (const path of ['/v1/keys', '/v1/sessions', '/v1/jobs', '/v1/audit-events']) {
    const { status, body } = await hub.request('GET', path, { as: bob.token });
    assert.equal(status, 200, path);
    const text = JSON.stringify(body);
    for (const id of [...ids, ada.id])
      assert.equal(text.includes(id), false, `${path} shows another's ${id}`);
  }
});

test('no route takes an id in its body or query that this walk does not know', () => {
  const suspicious = routes.flatMap(({ name, body, query }) =>
    [body, query].flatMap((schema) => {
      const shape = (schema as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
      return Object.keys(shape)
        .filter((key) => /(^id|Id|Ids)$/.test(key))
        .map((key) => `${name}.${key}`);
    }),
  );
  assert.deepEqual(suspicious, ['listAuditEvents.userId']);
});

test('asking for another’s audit events by id gives a refusal or none; an administrator sees them', async () => {
  const path = `/v1/audit-events?userId=${ada.id}`;
  const asked = await hub.request('GET', path, { as: bob.token });
  assert.equal(JSON.stringify(asked.body).includes(ada.id), false, JSON.stringify(asked.body));
  const refused = await hub.request('GET', `${path}&everybody=true`, { as: bob.token });
  assert.deepEqual([refused.status, refused.body.code], [403, 'http.role_missing']);
  const seen = await hub.request('GET', `${path}&everybody=true`, { as: administrator.token });
  assert.ok(seen.body.items.length > 0);
});

test('no password, token or key of all of these stands in the database or in the log', { skip }, async () => {
  assert.ok(hub.secrets.size > 8, `${hub.secrets.size} secrets were given out`);
  await requireNothingKept(hub);
});
