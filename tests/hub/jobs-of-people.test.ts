/**
 * Guarantee: what people do with jobs holds in the whole hub, straight to the server and through a pooler in transaction mode; and who leaves
 * takes the jobs along and leaves none behind.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startPgBouncer, without } from '../../services/shared/database/testing/index.ts';
import { type FullHub, type Person, startFullHub } from './test-full-hub.ts';

const bell = {
  device: 'local/statevector',
  program: {
    language: 'openqasm',
    source:
      'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;',
  },
  shots: 100,
  seed: 7,
};
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

class Jobs {
  readonly #hub: FullHub;
  readonly #person: Person;
  constructor(hub: FullHub, person: Person) {
    this.#hub = hub;
    this.#person = person;
  }
  request(method: string, path: string, more: { body?: unknown; headers?: Record<string, string> } = {}) {
    return this.#hub.request(method, path, { as: this.#person.token, ...more });
  }
  async submit(changes: object = {}, headers: Record<string, string> = {}) {
    return await this.request('POST', '/v1/jobs', { body: { ...bell, ...changes }, headers });
  }
  /** Of a job that ends: so does its stream. */
  async stream(id: string, headers: Record<string, string> = {}): Promise<string> {
    const authorization = `Bearer ${this.#person.token}`;
    const response = await fetch(`${this.#hub.url}/v1/jobs/${id}/events`, {
      headers: { authorization, accept: 'text/event-stream', ...headers },
    });
    return await response.text();
  }
  async end(id: string): Promise<string> {
    for (let since = 0; ; ) {
      const { body } = await this.request('GET', `/v1/jobs/${id}?wait=60&since=${since}`);
      if (['completed', 'failed', 'cancelled'].includes(body.status)) return body.status;
      since = body.revision;
    }
  }
}

/** Submits, repeats, watches, cancels, retries, reads: each part of the way of a job once, and twenty at once. */
async function wholeWay(hub: FullHub): Promise<void> {
  const jobs = new Jobs(hub, await hub.person());
  const key = { 'idempotency-key': 'once' };
  const twice = await Promise.all(Array.from({ length: 8 }, () => jobs.submit({}, key)));
  assert.equal(new Set(twice.map(({ body }) => body.id)).size, 1);
  assert.deepEqual(twice.map(({ status }) => status).toSorted(), [...Array(7).fill(200), 201]);
  assert.equal((await jobs.submit({ shots: 101 }, key)).status, 409);
  const id = twice[0]?.body.id as string;
  const stream = await jobs.stream(id);
  const statuses = [...stream.matchAll(/"status":"(\w+)"/g)].map(([, status]) => status);
  assert.deepEqual(statuses, ['created', 'queued', 'running', 'completed']);
  const resumed = await jobs.stream(id, { 'last-event-id': '3' });
  assert.deepEqual(
    [...resumed.matchAll(/^id: ?(\d+)$/gm)].map(([, number]) => number),
    ['4'],
  );
  const many = await Promise.all(Array.from({ length: 20 }, () => jobs.submit()));
  for (const { body } of many) assert.equal(await jobs.end(body.id), 'completed');
  const results = await Promise.all(
    many.map(({ body }) => jobs.request('GET', `/v1/jobs/${body.id}/result`)),
  );
  const first = JSON.stringify(results[0]?.body.counts);
  for (const { body } of results)
    assert.equal(JSON.stringify(body.counts), first, 'the same seed gives the same counts');
  const later = (await jobs.submit({ scheduledFor: inAnHour() })).body.id;
  for (const time of ['first', 'second']) {
    const { status, body } = await jobs.request('POST', `/v1/jobs/${later}/cancel`);
    assert.deepEqual([status, body.status], [200, 'cancelled'], time);
  }
  const again = await jobs.request('POST', `/v1/jobs/${later}/retry`);
  assert.deepEqual([again.status, await jobs.end(again.body.id)], [201, 'completed']);
  const figures = await hub.request('GET', '/metrics');
  assert.match(figures.body, /qhub_recent_attempts\{outcome="completed"\} 22\b/);
  assert.match(figures.body, /qhub_recent_attempts\{outcome="lost"\} 0\b/);
  assert.match(figures.body, /qhub_workers 1\b/);
  assert.match(figures.body, /qhub_queue_oldest_seconds\{device="local\/statevector"\} 0\b/);
  assert.match(figures.body, /qhub_jobs_running\{device="local\/statevector"\} 0\b/);
}

describe('the way of a job', () => {
  it('is the same straight to the server', async () => {
    await using hub = await startFullHub();
    await wholeWay(hub);
  });

  it('and through PgBouncer in transaction mode, with two connections for API, worker and scheduler', {
    skip: without('pgbouncer', 'pgbouncer'),
  }, async () => {
    await using hub = await startFullHub({ pooler: (place) => startPgBouncer(place.application) });
    await wholeWay(hub);
  });
});

describe('somebody who leaves', () => {
  it('gets all jobs in the export, and then none waits, runs or says what they wrote', async () => {
    await using hub = await startFullHub();
    const person = await hub.person();
    const jobs = new Jobs(hub, person);
    const done = (await jobs.submit({ name: 'my secret plan' }, { 'idempotency-key': 'mine' })).body.id;
    assert.equal(await jobs.end(done), 'completed');
    const waits = (await jobs.submit({ scheduledFor: inAnHour() })).body.id;
    const { body: taken } = await jobs.request('GET', '/v1/me/export');
    assert.ok(
      taken.services,
      hub.log.filter((line) => line.includes('"level":50') || line.includes('error')).join('\n'),
    );
    const { jobs: exported, programs, idempotencyKeys } = taken.services.execution;
    assert.deepEqual(
      exported.map(({ id }: { id: string }) => id),
      [waits, done],
    );
    assert.deepEqual([exported[1].name, Object.values(programs)], ['my secret plan', [bell.program.source]]);
    assert.equal(exported[1].result.shots, 100);
    assert.equal(idempotencyKeys[0].jobId, done);
    const gone = await jobs.request('DELETE', '/v1/me', { body: { password: person.password } });
    assert.equal(gone.status, 204, JSON.stringify(gone.body));
    const { rows } = await hub.place.admin.query(
      `select j.status, j.name, j.program, r.counts from execution.jobs j left join execution.job_results r on r.id = j.id
        where j.user_id = $1 order by j.id`,
      [person.id],
    );
    assert.deepEqual(rows, [
      { status: 'completed', name: 'deleted', program: '', counts: null },
      { status: 'cancelled', name: 'deleted', program: '', counts: null },
    ]);
    const { rows: left } = await hub.place.admin.query(
      `select (select count(*) from execution.job_queue where user_id = $1)::int as queue,
              (select count(*) from execution.job_idempotency_keys where user_id = $1)::int as keys`,
      [person.id],
    );
    assert.deepEqual(left, [{ queue: 0, keys: 0 }]);
  });
});
