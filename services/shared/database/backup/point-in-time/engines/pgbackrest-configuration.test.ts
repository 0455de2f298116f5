import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pitr } from '../settings-file.ts';
import { pgbackrestConfiguration } from './pgbackrest-configuration.ts';

const pitr: Pitr = {
  ...{ dir: '/srv/pitr', repository: '/srv/archive', dataDir: '/srv/data', account: undefined },
  ...{ engine: 'pgbackrest', kind: 'embedded', systemId: '1', major: 15, adminUser: 'postgres' },
  ...{ keepFull: 3, archiveTimeoutSeconds: 60 },
};
const s3 = {
  ...{ bucket: 'hub', region: 'eu', key: 'id', keySecret: 'secret', path: '/prod/pitr' },
  ...({ endpoint: 's3.example.org:9000', uriStyle: 'path' } as const),
};

test('a folder in clear', () => {
  const text = pgbackrestConfiguration(pitr, {});
  assert.match(text, /^\[global\]\nrepo1-path=\/srv\/archive\n/);
  assert.match(text, /\nrepo1-retention-full=3\nrepo1-cipher-type=none\n/);
  assert.match(text, /\n\[quantum-hub\]\npg1-path=\/srv\/data\npg1-user=postgres\n$/);
});

test('a bucket, encrypted, on a server with an authority of its own; its certificate is always verified', () => {
  const own = pgbackrestConfiguration(pitr, { passphrase: 'p', s3: { ...s3, authorities: 'PEM' } });
  assert.match(
    own,
    /repo1-path=\/prod\/pitr\nrepo1-type=s3\nrepo1-s3-bucket=hub\nrepo1-s3-endpoint=s3.example.org:9000\n/,
  );
  assert.match(own, /repo1-s3-key=id\nrepo1-s3-key-secret=secret\nrepo1-s3-uri-style=path/);
  assert.match(own, /repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=p\n/);
  assert.match(own, /\nrepo1-storage-ca-file=\/srv\/pitr\/s3-authorities\.pem\n/);
  const amazon = pgbackrestConfiguration(pitr, { s3: { ...s3, uriStyle: 'host' } });
  assert.match(amazon, /repo1-s3-uri-style=host/);
  assert.doesNotMatch(amazon, /storage-ca-file/);
  assert.doesNotMatch(`${own}${amazon}`, /verify/);
});

test('a passphrase of two lines would be an option of its own, and is refused', () => {
  assert.throws(() => pgbackrestConfiguration(pitr, { passphrase: 'a\nrepo1-path=/tmp' }), {
    code: 'database.pitr_option_unsupported',
  });
});
