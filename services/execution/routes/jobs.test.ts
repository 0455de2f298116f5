/** Guarantee: users see their own jobs, all of them once, as they change; of others' jobs not even that they exist. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Actor } from '@quantum-hub/http';
import { newId } from '@quantum-hub/kernel';
import { bellOf, openqasm, TestService } from '../test-service.ts';

let service: TestService;
let ada: Actor;
const ids: string[] = [];

before(async () => {
  service = await TestService.start();
  ada = await service.person();
  for (let made = 0; made < 5; made++) ids.unshift((await service.submit(ada, bellOf())).body.id);
});
after(async () => await service?.[Symbol.asyncDispose]());

const get = (as: Actor, path: string, headers: Record<string, string> = {}) =>
  service.hub.request('GET', path, { as, headers });
const idsOf = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map(({ id }) => id);

describe('lists', () => {
  it('give every job once, newest first, while others come in', async () => {
    const first = await get(ada, '/v1/jobs?limit=2');
    assert.deepEqual(idsOf(first), ids.slice(0, 2));
    const { body: newer } = await service.submit(ada, bellOf());
    const second = await get(ada, `/v1/jobs?limit=2&cursor=${first.body.nextCursor}`);
    assert.deepEqual(idsOf(second), ids.slice(2, 4));
    const last = await get(ada, `/v1/jobs?limit=2&cursor=${second.body.nextCursor}`);
    assert.deepEqual(idsOf(last), ids.slice(4));
    assert.equal(last.body.nextCursor, undefined);
    ids.unshift(newer.id);
  });

  it('are filtered by status and device, and refuse what is none', async () => {
    assert.deepEqual(idsOf(await get(ada, '/v1/jobs?status=queued&device=local/statevector')), ids);
    assert.deepEqual(idsOf(await get(ada, '/v1/jobs?status=running')), []);
    assert.deepEqual(idsOf(await get(ada, '/v1/jobs?device=local/noisy')), []);
    assert.equal((await get(ada, '/v1/jobs?device=local/none')).status, 404);
    assert.equal((await get(ada, '/v1/jobs?status=done')).status, 400);
    assert.equal((await get(ada, '/v1/jobs?cursor=abc')).status, 400);
  });
});

describe('somebody else', () => {
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '?wait=1'],
    ['GET', '/events'],
    ['GET', '/attempts'],
    ['GET', '/result'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
  ] as const) {
    it(`${method} /v1/jobs/:id${path} is the same for a job of another user and for none`, async () => {
      const eve = await service.person();
      const [others, none] = await Promise.all(
        [ids[0], newId()].map((id) => service.hub.request(method, `/v1/jobs/${id}${path}`, { as: eve })),
      );
      const seen = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];
      assert.deepEqual(others && seen(others), [404, 'execution.job_not_found']);
      assert.deepEqual(none && seen(none), [404, 'execution.job_not_found']);
    });
  }

  it('sees no event of it in a stream either', async () => {
    const eve = await service.person();
    const answer = await get(eve, `/v1/jobs/${ids[0]}/events`, { accept: 'text/event-stream' });
    assert.equal(answer.status, 404);
  });
});

describe('waiting', () => {
  it('answers at once for an older revision, when it changes, and when the time is over', async () => {
    const [id] = ids;
    const path = `/v1/jobs/${id}`;
    const older = await get(ada, `${path}?wait=60&since=1`);
    assert.equal(older.body.revision, 2);
    const unchanged = await get(ada, `${path}?wait=1&since=2`);
    assert.equal(unchanged.body.revision, 2);
    const waiting = get(ada, `${path}?wait=60&since=2`);
    await service.hub.request('POST', `${path}/cancel`, { as: ada });
    const { body } = await waiting;
    assert.deepEqual([body.status, body.revision], ['cancelled', 3]);
    assert.equal(
      (await get(ada, `${path}?wait=60&since=3`)).body.status,
      'cancelled',
      'a finished job never changes',
    );
  });

  it('a tag that is still right gives 304', async () => {
    const path = `/v1/jobs/${ids[0]}`;
    const etag = (await get(ada, path)).headers.get('etag') ?? '';
    assert.equal((await get(ada, path, { 'if-none-match': etag })).status, 304);
  });
});

describe('devices', () => {
  it('tell what they run and how long their queues are', async () => {
    const { body } = await get(ada, '/v1/devices');
    assert.deepEqual(
      body.items.map(({ name }: { name: string }) => name),
      ['local/noisy', 'local/qsharp', 'local/stabilizer', 'local/statevector'],
    );
    const { body: device } = await get(ada, '/v1/devices/local/statevector');
    assert.equal(device.queue.depth, ids.length - 1);
    assert.deepEqual([device.queue.running, device.slots, device.status], [0, 2, 'online']);
    assert.equal(device.profile.gates, 'any');
    assert.equal((await get(ada, '/v1/devices/local/none')).body.code, 'execution.device_not_found');
  });

  it('are switched by operators only, and only as they saw them', async () => {
    const path = '/v1/devices/local/noisy';
    const change = (as: Actor, status: string, headers = {}) =>
      service.hub.request('PATCH', path, { as, body: { status }, headers });
    assert.equal((await change(ada, 'offline')).status, 403);
    const operator = await service.person({ roles: ['operator'] });
    const etag = (await get(operator, path)).headers.get('etag') ?? '';
    const off = await change(operator, 'offline', { 'if-match': etag });
    assert.deepEqual([off.status, off.body.status], [200, 'offline']);
    assert.equal((await change(operator, 'online', { 'if-match': etag })).status, 412);
    assert.equal((await service.submit(ada, { ...bellOf(), device: 'local/noisy' })).status, 201, 'it waits');
    assert.equal((await change(operator, 'offline')).status, 200, 'no change, no event');
    assert.equal((await change(operator, 'retired')).body.status, 'retired');
    const events = await get(operator, `${path}/events`);
    assert.deepEqual(
      events.body.items.map((event: Record<string, string>) => [
        event.from,
        event.to,
        event.actorId,
        event.credentialId,
      ]),
      [
        ['offline', 'retired', operator.userId, operator.credentialId],
        ['online', 'offline', operator.userId, operator.credentialId],
      ],
    );
    const older = await get(
      operator,
      `${path}/events?limit=1&cursor=${(await get(operator, `${path}/events?limit=1`)).body.nextCursor}`,
    );
    assert.deepEqual(older.body.items, events.body.items.slice(1));
    assert.equal((await get(ada, `${path}/events`)).status, 403);
    const refused = await service.submit(ada, { ...bellOf(), device: 'local/noisy' });
    assert.deepEqual([refused.status, refused.body.code], [409, 'execution.device_unavailable']);
  });
});

describe('operators', () => {
  it('cancel anybody’s job without seeing what it is', async () => {
    const { body: job } = await service.submit(ada, bellOf());
    const path = `/v1/operator/jobs/${job.id}/cancel`;
    assert.equal((await service.hub.request('POST', path, { as: ada })).status, 403);
    const operator = await service.person({ roles: ['operator'] });
    const { body } = await service.hub.request('POST', path, { as: operator });
    assert.deepEqual(body, { id: job.id, status: 'cancelled' });
    const events = await get(ada, `/v1/jobs/${job.id}/events`);
    assert.equal(events.body.items.at(-1).origin, 'operator');
  });
});

describe('a circuit', () => {
  it('is drawn from the program of one’s own job', async () => {
    const text = await get(ada, `/v1/jobs/${ids[1]}/circuit`);
    assert.equal(text.status, 200, JSON.stringify(text.body));
    assert.match(text.body.drawing, /q\[0\].*H/);
    const svg = await get(ada, `/v1/jobs/${ids[1]}/circuit?format=svg`);
    assert.match(svg.body.drawing, /^<svg/);
    const { status, body } = await get(await service.person(), `/v1/jobs/${ids[1]}/circuit`);
    assert.deepEqual([status, body.code], [404, 'execution.job_not_found']);
  });
});

describe('a check', () => {
  const check = async (body: object) =>
    await service.hub.request('POST', '/v1/programs/check', { as: ada, body });

  it('tells inputs, features and figures of a program that is right', async () => {
    const program = openqasm(
      'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float[64] a;\nqubit q;\nbit c;\nrx(a) q;\nc = measure q;',
    );
    const open = await check({ program, device: 'local/statevector' });
    assert.deepEqual([open.body.valid, open.body.errors], [true, []]);
    assert.deepEqual(open.body.program.inputs.required, ['a']);
    assert.equal(open.body.program.stats, undefined, 'they need the input');
    const bound = await check({ program, inputs: { a: 1 } });
    assert.equal(bound.body.program.stats.gatesByName.rx, 1);
    assert.ok(bound.body.program.features.some(({ feature }: { feature: string }) => feature === 'input'));
  });

  it('answers with the errors of one that is wrong, and knows no device that is none', async () => {
    const { status, body } = await check({ program: openqasm('OPENQASM 3.0;\nqubit q;\nh q;') });
    assert.deepEqual([status, body.valid, body.errors[0].line], [200, false, 3]);
    const none = await check({ program: openqasm('OPENQASM 3.0;'), device: 'local/none' });
    assert.deepEqual([none.status, none.body.code], [404, 'execution.device_not_found']);
  });
});
