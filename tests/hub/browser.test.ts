/** Guarantee: in a real browser the description of the API renders under its policy, and a session by cookie serves the hub's own pages and nobody else's. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { without } from '../../services/shared/database/testing/index.ts';
import { BrowserPage } from './test-browser.ts';
import { type FullHub, type Person, startFullHub } from './test-full-hub.ts';

const skip = without('chromium', 'chromium');
const options = { skip, timeout: 120_000 };
let hub: FullHub;
let page: BrowserPage;
let person: Person;

before(async () => {
  if (skip) return;
  hub = await startFullHub();
  person = await hub.person();
  page = await BrowserPage.open('chromium');
});
after(async () => {
  await page?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

/** A request of the page; status and body of the answer, or the browser's refusal. */
const fetched = (url: string, init: object = {}) =>
  page.run(
    `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then(async (answer) => [answer.status, await answer.text()], (error) => [0, String(error)])`,
  );
const json = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const aKey = { name: 'made in a browser', scopes: ['identity:read'] };

async function keys(): Promise<string[]> {
  const { body } = await hub.request('GET', '/v1/keys', { as: person.token });
  return body.items.map(({ name }: { name: string }) => name);
}

/** One that starts in an hour. */
async function waitingJob(): Promise<string> {
  const body = {
    device: 'local/statevector',
    program: { language: 'openqasm', source: 'OPENQASM 3.0; qubit q; bit c = measure q;' },
    scheduledFor: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const { status, body: job } = await hub.request('POST', '/v1/jobs', { as: person.token, body });
  assert.equal(status, 201, JSON.stringify(job));
  return job.id;
}

test('/docs renders the document, and its policy forbids nothing that it needs', options, async () => {
  await page.go(`${hub.url}/docs`);
  // Sections are made as they come into view: the first one, and the names of all.
  const shown = `new Promise((done) => {
    const look = () => document.body.innerText.includes('/readyz') && done(document.body.innerText);
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
  })`;
  assert.match(await page.run(shown), /Quantum Hub.*RFC 9457.*\/healthz/s);
  assert.deepEqual(page.complaints, []);
});

test('a session by cookie is kept by the browser, hidden from scripts, and serves the hub’s own pages', {
  skip,
}, async () => {
  await page.go(`${hub.url}/docs`);
  const { username: account, password } = person;
  const [status, text] = await fetched('/v1/sessions', json({ account, password, cookie: true }));
  assert.equal(status, 201, text);
  assert.equal(JSON.parse(text).token, undefined);
  assert.equal(await page.run('document.cookie'), '');
  const [read, me] = await fetched('/v1/me');
  assert.deepEqual([read, JSON.parse(me).username], [200, account]);
  assert.equal((await fetched('/v1/keys', json(aKey)))[0], 201);
  assert.deepEqual(await keys(), [aKey.name]);
});

test('a page of somebody else can neither read nor change anything with that cookie', options, async () => {
  const asked: string[] = [];
  const stranger = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>stranger</title>');
  });
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  try {
    // Another port is another origin of the same site: the browser sends the cookie along, and only the hub can refuse.
    await page.go(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
    const [read, refusal] = await fetched(`${hub.url}/v1/me`, { credentials: 'include' });
    assert.deepEqual([read, refusal], [0, 'TypeError: Failed to fetch']);
    assert.equal((await fetched(`${hub.url}/v1/keys`, { ...json(aKey), credentials: 'include' }))[0], 0);
    // What a browser sends without asking the hub first: bytes of a type that forms have, and requests without any.
    const likeForms = { mode: 'no-cors', credentials: 'include' };
    const plain = { ...json(aKey), headers: { 'content-type': 'text/plain' } };
    await fetched(`${hub.url}/v1/keys`, { ...plain, ...likeForms });
    assert.deepEqual(await keys(), [aKey.name]);
    const job = await waitingJob();
    await fetched(`${hub.url}/v1/jobs/${job}/cancel`, { method: 'POST', ...likeForms });
    const { body } = await hub.request('GET', `/v1/jobs/${job}`, { as: person.token });
    assert.equal(body.status, 'created');
    await page.go(`${hub.url}/docs`);
    assert.equal((await fetched('/v1/me'))[0], 200, 'the session is still there');
  } finally {
    stranger.close();
    stranger.closeAllConnections();
  }
});
