/** Guarantee: a large result lies outside of its row, whole, and is read by whoever has a link that the hub made, until it expires. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { Actor } from '@quantum-hub/http';
import { blobKey } from '../blobs/link.ts';
import { resultDocument } from '../domain/result-document.ts';
import { countsOf, fakeDevice } from '../test-devices.ts';
import { bellOf, TestService } from '../test-service.ts';
import { sweepBlobs } from '../use-cases/sweep-blobs.ts';
import type { Worker } from '../worker/worker.ts';

let service: TestService;
let worker: Worker;
let ada: Actor;
let now = new Date();

/** As the local one, whose checker judges for it; every outcome of 13 bits once. */
const everything = fakeDevice('local/statevector', async (request) => {
  const outcomes = Array.from({ length: 8192 }, (_, value) => value.toString(2).padStart(13, '0'));
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 1]));
  const registers = [{ name: 'c', size: 13 }];
  const device = { name: 'local/statevector', version: '1' };
  return { ok: true, result: { ...countsOf(request), device, counts, registers, shots: 8192 } };
});

before(async () => {
  service = await TestService.start({
    devices: [everything],
    inlineBytes: 10_000,
    linkSeconds: 60,
    clock: () => now,
  });
  worker = await service.work();
  ada = await service.person();
});
after(async () => {
  await worker?.stop();
  await service?.[Symbol.asyncDispose]();
});

const located = async () => {
  const { body } = await service.submit(ada, bellOf(8192));
  const job = await service.finished(ada, body.id);
  assert.equal(job.status, 'completed', JSON.stringify(job.reason));
  const { body: result } = await service.hub.request('GET', `/v1/jobs/${job.id}/result`, { as: ada });
  return { id: job.id as string, ...result };
};

describe('a large result', () => {
  it('is told by a link, which opens it without a key, whole and unchanged', async () => {
    const { id, location, sha256, bytes } = await located();
    const response = await service.hub.fetch('GET', location);
    const content = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200);
    assert.equal(content.length, bytes);
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256);
    const document = resultDocument.parse(JSON.parse(content.toString()));
    assert.ok(document.kind === 'counts');
    assert.equal(Object.keys(document.counts).length, 8192);
    assert.equal(document.job.id, id);
    assert.equal(response.headers.get('etag'), `"${sha256}"`);
    const digest = Buffer.from(sha256, 'hex').toString('base64');
    assert.equal(response.headers.get('repr-digest'), `sha-256=:${digest}:`);
    const stored = await service.execution.row<{ counts: unknown; data: object }>(
      'select counts, data from execution.job_results where id = $1',
      [id],
    );
    assert.deepEqual(stored, { counts: null, data: { blob: { sha256, bytes } } });
  });

  it('is read in parts, which fit together', async () => {
    const { location, bytes, sha256 } = await located();
    const part = async (range: string, headers = {}) => {
      const response = await service.hub.fetch('GET', location, { headers: { range, ...headers } });
      return { response, text: await response.text() };
    };
    const whole = await (await service.hub.fetch('GET', location)).text();
    const head = await part('bytes=0-99');
    assert.deepEqual(
      [head.response.status, head.response.headers.get('content-range'), head.text],
      [206, `bytes 0-99/${bytes}`, whole.slice(0, 100)],
    );
    assert.equal((await part('bytes=100-')).text, whole.slice(100));
    assert.equal((await part('bytes=-7')).text, whole.slice(-7));
    const beyond = (await part(`bytes=${bytes}-`)).response;
    assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${bytes}`]);
    const same = await part('bytes=0-9', { 'if-range': `"${sha256}"` });
    assert.equal(same.response.status, 206);
    assert.equal((await part('bytes=0-9', { 'if-range': '"other"' })).text.length, bytes);
    const known = await service.hub.fetch('GET', location, { headers: { 'if-none-match': `"${sha256}"` } });
    assert.equal(known.status, 304);
  });

  it('is not opened by a link that was changed, or has expired', async () => {
    const { location } = await located();
    const token = location.split('/').at(-1) as string;
    for (const at of [0, 30, 70, token.length - 3]) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = `/v1/blobs/${token.slice(0, at)}${other}${token.slice(at + 1)}`;
      const { status, body } = await service.hub.request('GET', changed);
      assert.deepEqual([status, body.code], [404, 'execution.blob_link_invalid']);
    }
    assert.equal((await service.hub.request('GET', `/v1/blobs/${token.slice(0, -1)}`)).status, 404);
    now = new Date(now.getTime() + 61_000);
    const late = await service.hub.request('GET', location);
    assert.deepEqual([late.status, late.body.code], [410, 'execution.blob_link_expired']);
  });

  it('that no row names is swept; the others, young ones and strange files stay', async () => {
    const { id, sha256 } = await located();
    const orphan = blobKey({ jobId: id, sha256: 'a'.repeat(64) });
    const archived = blobKey({ jobId: '01234567-89ab-7def-8123-456789abcdef', sha256 });
    const strange = 'notes.txt';
    for (const key of [orphan, archived, strange]) await service.blobs.put(key, textOf('x'));
    const young = await sweepBlobs({ blobs: service.blobs });
    assert.equal(young.removed, 0);
    const later = () => new Date(Date.now() + 2 * 3_600_000);
    const swept = await sweepBlobs({ blobs: service.blobs, clock: later });
    assert.equal(swept.removed, 1);
    assert.equal(await service.blobs.find(orphan), undefined);
    for (const key of [blobKey({ jobId: id, sha256 }), archived, strange]) {
      assert.ok(await service.blobs.find(key), key);
    }
  });

  it('whose file is gone or cut short is told so, and told to the operator, before a link that opens nothing is given', async () => {
    const { id, location, sha256, bytes } = await located();
    const key = blobKey({ jobId: id, sha256 });
    const ask = () => service.hub.request('GET', `/v1/jobs/${id}/result`, { as: ada });
    const logged = () =>
      service.hub.log.lines.flatMap(({ fields }) => (fields.err ? [String(fields.err)] : []));
    await service.blobs.put(key, textOf('{'));
    const cut = await ask();
    assert.deepEqual([cut.status, cut.body.code], [500, 'execution.result_unreadable']);
    assert.match(logged().at(-1) ?? '', new RegExp(`${key} has 1 bytes, not the ${bytes} that were written`));
    await service.blobs.remove(key);
    assert.equal((await ask()).body.code, 'execution.result_unreadable');
    assert.match(logged().at(-1) ?? '', new RegExp(`${key} is missing`));
    const { status, body } = await service.hub.request('GET', location);
    assert.deepEqual([status, body.code], [404, 'execution.blob_not_found']);
  });
});

function textOf(text: string): Readable {
  return Readable.from([Buffer.from(text)]);
}
