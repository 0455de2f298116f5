/** Guarantee: a running hub knows its own address, and says whether requests, or jobs, can be taken now. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Reply, startFullHub } from './test-full-hub.ts';

const checksOf = ({ status, body }: Reply) => [
  status,
  body.checks.map(({ name, ok }: { name: string; ok: boolean }) => `${name} ${ok}`),
];

test('mails name the port where the hub listens, not the one that was asked for; a pending migration is no readiness', async () => {
  await using hub = await startFullHub();
  const { token } = await hub.person(['administrator', 'operator']);
  const { body: mails } = await hub.request('GET', '/v1/admin/mails', { as: token });
  assert.ok(mails.items[0].text.includes(`${hub.url}/`), mails.items[0].text);
  assert.deepEqual(checksOf(await hub.request('GET', '/readyz')), [
    200,
    ['server true', 'database true', 'migrations true'],
  ]);
  await hub.place.admin.query(
    'delete from hub.migrations where name = (select max(name) from hub.migrations)',
  );
  const { status, body } = await hub.request('GET', '/readyz');
  assert.equal(status, 503);
  assert.deepEqual(body.checks.at(-1), { name: 'migrations', ok: false, text: '1 pending' });
  assert.equal((await hub.request('GET', '/healthz')).status, 200, 'nobody restarts it for that');
});

test('a worker says whether it takes jobs, hears of them and looks after lost ones, and serves nothing else', async () => {
  await using worker = await startFullHub({ role: 'worker' });
  assert.deepEqual(checksOf(await worker.request('GET', '/readyz')), [
    200,
    ['server true', 'database true', 'migrations true', 'worker true', 'worker messages true', 'reaper true'],
  ]);
  assert.equal((await worker.request('GET', '/v1/me')).status, 404);
  const { rows } = await worker.place.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name ~ 'worker'`,
    [worker.place.name],
  );
  assert.ok(rows.length > 0, 'it has a connection for messages');
  const states = new Set<string>();
  // Lost, and made again by itself.
  while (!(states.has('503') && [...states].at(-1) === '200')) {
    const { status } = await worker.request('GET', '/readyz');
    states.delete(String(status));
    states.add(String(status));
  }
});

test('a scheduler says whether it looks after lost and due jobs', async () => {
  await using scheduler = await startFullHub({ role: 'scheduler' });
  const [status, checks] = checksOf(await scheduler.request('GET', '/readyz'));
  assert.equal(status, 200);
  assert.equal(checks.at(-1), 'reaper true');
});
