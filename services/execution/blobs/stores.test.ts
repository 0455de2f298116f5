/** Guarantee: a folder and a bucket keep blobs alike: whole or not at all, read in parts, listed, removed. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { openBlobStore } from './open-store.ts';
import { readBlobPlace } from './place.ts';
import type { BlobStore } from './store.ts';

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
const Server = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;

let folder: string;
let server: S3rver;
let endpoint: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qhub-blobs-'));
  server = new Server({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: 'results', configs: [] }],
  });
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const storeAt = (place: string) => openBlobStore(readBlobPlace({ place, endpoint }));
const listed = async (store: BlobStore) => {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys.sort();
};

for (const [kind, open] of [
  ['a folder', () => storeAt(join(folder, 'blobs'))],
  ['a bucket', () => storeAt('s3://results/of/hub')],
] as const) {
  describe(kind, () => {
    it('keeps what is put there, more than once alike, and gives it back whole or in part', async () => {
      await using store = await open();
      for (let time = 0; time < 2; time++)
        await store.put('a/b.json', Readable.from([Buffer.from('0123456789')]));
      await store.put('c.json', Readable.from([]));
      assert.equal(await text(await store.read('a/b.json')), '0123456789');
      assert.equal(await text(await store.read('a/b.json', { first: 2, last: 4 })), '234');
      assert.equal((await store.find('a/b.json'))?.bytes, 10);
      assert.equal((await store.find('c.json'))?.bytes, 0);
      assert.deepEqual(await listed(store), ['a/b.json', 'c.json']);
    });

    it('knows what is not there', async () => {
      await using store = await open();
      assert.equal(await store.find('none'), undefined);
      await assert.rejects(store.read('none'), { code: 'execution.blob_not_found' });
      await store.remove('a/b.json');
      await store.remove('a/b.json');
      assert.deepEqual(await listed(store), ['c.json']);
    });

    it('leaves nothing of what breaks off', async () => {
      await using store = await open();
      const broken = Readable.from(
        (function* () {
          yield Buffer.from('half');
          throw new Error('the source broke');
        })(),
      );
      await assert.rejects(store.put('half.json', broken), /the source broke/);
      assert.deepEqual(await listed(store), ['c.json']);
    });
  });
}

it('names the place that cannot be used', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  for (const place of [join(file, 'below'), 's3://nowhere']) {
    await using store = await storeAt(place);
    await assert.rejects(store.put('a', Readable.from([Buffer.from('x')])), {
      code: 'execution.blob_place_unusable',
    });
  }
  assert.throws(() => readBlobPlace({ place: 's3:/x' }), { code: 'kernel.invalid_value' });
  assert.ok((await readdir(folder)).includes('file'));
});
