/** Guarantee: parts that a killed upload left behind are removed when they are a day old, and those of a running one are not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { readBackupConfig } from '../settings.ts';
import { openStore } from './open-store.ts';

/** Answers as Amazon's documentation says; s3rver knows no list of uploads. */
let server: Server;
let uploads = '';
const asked: string[] = [];
const empty =
  '<?xml version="1.0"?><ListBucketResult><Name>backups</Name><KeyCount>0</KeyCount></ListBucketResult>';

before(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' });
  server = createServer(({ method, url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://any');
    const what = searchParams.get('uploadId') ?? [...searchParams.keys()].sort()[0];
    asked.push(`${method} ${pathname} ${what}`);
    if (method === 'DELETE') return response.writeHead(204).end();
    if (!searchParams.has('uploads')) return response.end(empty);
    return uploads === '' ? response.writeHead(501).end() : response.end(uploads);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function clear(): Promise<string[]> {
  const { port } = server.address() as AddressInfo;
  const settings = { QHUB_BACKUP_S3_ENDPOINT: `http://127.0.0.1:${port}` };
  const store = await openStore(readBackupConfig({ place: 's3://backups/hub' }, settings).place);
  asked.length = 0;
  await store.clearAbandoned();
  return asked.filter((line) => line.startsWith('DELETE'));
}

it('of two uploads the one that is a day old is ended', async () => {
  const upload = (id: string, hours: number) =>
    `<Upload><Key>hub/a/dump</Key><UploadId>${id}</UploadId><Initiated>${new Date(Date.now() - hours * 3_600_000).toISOString()}</Initiated></Upload>`;
  uploads = `<?xml version="1.0"?><ListMultipartUploadsResult><Bucket>backups</Bucket>${upload('old', 25)}${upload('young', 1)}</ListMultipartUploadsResult>`;
  assert.deepEqual(await clear(), ['DELETE /backups/hub/a/dump old']);
});

it('a server that cannot list them keeps nobody from anything', async () => {
  uploads = '';
  assert.deepEqual(await clear(), []);
});
