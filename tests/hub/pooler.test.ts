/**
 * Guarantee: a whole hub works behind PgBouncer in transaction mode; only messages and liveness locks go to the server itself,
 * and a hub that is not told where that is says so.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPgBouncer, type TestDatabase, without } from '../../services/shared/database/testing/index.ts';
import { type FullHub, type Person, startFullHub } from './test-full-hub.ts';

const skip = without('pgbouncer', 'pgbouncer');
const bell = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1]; bit[2] c = measure q;';
const submission = {
  device: 'local/statevector',
  program: { language: 'openqasm', source: bell },
  shots: 100,
  seed: 1,
};
let hub: FullHub;
let ada: Person;

const bouncerOf = ({ application, administrator }: TestDatabase) =>
  startPgBouncer(application, administrator);

before(async () => {
  if (skip) return;
  hub = await startFullHub({ pooler: bouncerOf });
  ada = await hub.person();
});
after(async () => await hub?.[Symbol.asyncDispose]());

async function ask(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const reply = await hub.request(method, path, { as: ada.token, body, headers });
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply;
}

/** By long polls only: an answer before its time is a message that came. */
async function finished(id: string): Promise<{ status: string }> {
  for (;;) {
    const { body } = await ask('GET', `/v1/jobs/${id}?wait=60`);
    if (['completed', 'failed', 'cancelled'].includes(body.status)) return body;
  }
}

async function eventsOf(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${ada.token}`, accept: 'text/event-stream' };
  const response = await fetch(`${hub.url}/v1/jobs/${id}/events`, { headers });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  return await response.text();
}

test('accounts, sessions and keys', { skip }, async () => {
  const body = { name: 'laptop', scopes: ['identity:read', 'execution:read'] };
  const once = { 'idempotency-key': 'pooled' };
  const { body: key } = await ask('POST', '/v1/keys', body, once);
  const again = await hub.request('POST', '/v1/keys', { as: ada.token, body, headers: once });
  assert.equal(again.body.code, 'http.idempotency_secret_gone');
  assert.equal((await hub.request('GET', '/v1/me', { as: key.key })).body.username, ada.username);
  await ask('POST', `/v1/keys/${key.id}/rotate`, {});
  await hub.signIn(ada);
  assert.ok((await ask('GET', '/v1/sessions')).body.items.length >= 1);
  assert.equal((await ask('GET', '/readyz')).body.status, 'ready');
});

test('a job from its submission to its result, by long poll and by events', { skip }, async () => {
  const { body: job } = await ask('POST', '/v1/jobs', submission);
  const [done, told] = await Promise.all([finished(job.id), eventsOf(job.id)]);
  assert.equal(done.status, 'completed');
  for (const status of ['queued', 'running', 'completed'])
    assert.match(told, new RegExp(`"status":"${status}"`));
  const { body: result } = await ask('GET', `/v1/jobs/${job.id}/result`);
  assert.equal(result.shots.returned, 100);
  const { body: retried } = await ask('POST', '/v1/jobs', { ...submission, scheduledFor: inAnHour() });
  assert.equal((await ask('POST', `/v1/jobs/${retried.id}/cancel`)).body.status, 'cancelled');
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

test('many at once share the two connections of the pooler, beside the few that go past it', {
  skip,
}, async () => {
  const jobs = await Promise.all(
    Array.from(
      { length: 12 },
      async (_, seed) => (await ask('POST', '/v1/jobs', { ...submission, seed })).body,
    ),
  );
  const ended = await Promise.all(jobs.map(({ id }) => finished(id)));
  assert.deepEqual(new Set(ended.map(({ status }) => status)), new Set(['completed']));
  await Promise.all(Array.from({ length: 60 }, () => ask('GET', '/v1/jobs')));
  const { rows } = await hub.place.admin.query(
    `select count(*)::int as all, count(*) filter (where application_name ~ 'signals|worker')::int as direct
      from pg_stat_activity where datname = $1 and usename = $2`,
    [hub.place.name, hub.place.application.user],
  );
  const [{ all, direct }] = rows;
  assert.ok(direct >= 2 && all <= direct + 2, `${all} connections, ${direct} of them direct`);
  assert.deepEqual(
    hub.log.filter((line) => /"level":"(warn|error|fatal)"/.test(line)),
    [],
  );
});

test('a hub that is not told where the server itself is does not start, and names the settings', {
  skip,
}, async () => {
  // A process has one open database.
  await hub[Symbol.asyncDispose]();
  const hidden = async (place: TestDatabase) => {
    const bouncer = await bouncerOf(place);
    // The pooler's own address is told as that of the server.
    Object.assign(place.application, { host: bouncer.host, port: bouncer.port });
    return bouncer;
  };
  await assert.rejects(startFullHub({ pooler: hidden }), {
    code: 'database.direct_connection_needed',
    message: /POSTGRES_DIRECT_HOST and POSTGRES_DIRECT_PORT/,
  });
});
