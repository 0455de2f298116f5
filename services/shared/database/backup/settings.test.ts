/** Guarantee: every fault of the settings is told at once, and secrets are never printed. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { inspect } from 'node:util';
import { testFolder } from '../testing/index.ts';
import { readBackupConfig } from './settings.ts';

const folder = testFolder('qhub-backups-');
after(() => folder[Symbol.dispose]());
const secret = join(folder.path, 'passphrase');
writeFileSync(secret, 'open sesame\n');

it('reads a folder or a bucket; a path starts where the person stands', () => {
  assert.match(JSON.stringify(readBackupConfig({}, {}).place), /\/backups"/);
  const here = readBackupConfig({}, { QHUB_BACKUP_DIR: 'mine', INIT_CWD: '/somewhere' });
  assert.deepEqual(here.place, { kind: 'folder', path: '/somewhere/mine' });
  const bucket = readBackupConfig({ place: 's3://hub-backups/a/b/' }, { AWS_REGION: 'eu-central-1' });
  assert.deepEqual(bucket.place, {
    kind: 's3',
    bucket: 'hub-backups',
    prefix: 'a/b',
    endpoint: undefined,
    region: 'eu-central-1',
    uriStyle: 'host',
    authorities: undefined,
    credentials: undefined,
  });
  const endpoint = 'https://s3.example.org:9000';
  const own = readBackupConfig({ place: 's3://hub' }, { QHUB_BACKUP_S3_ENDPOINT: endpoint }).place;
  assert.equal(own.kind === 's3' && own.uriStyle, 'path');
});

it('names all faults in one error', () => {
  const env = {
    QHUB_BACKUP_DIR: 's3://?',
    QHUB_BACKUP_S3_ENDPOINT: 's3.example.org',
    QHUB_BACKUP_S3_URI_STYLE: 'virtual',
    QHUB_BACKUP_S3_CA_FILE: secret,
    QHUB_BACKUP_S3_SECRET_FILE: '/nowhere',
    QHUB_BACKUP_RECIPIENT: 'bob',
    QHUB_BACKUP_PASSPHRASE_FILE: '/nowhere',
    QHUB_BACKUP_IDENTITY_FILE: secret,
  };
  assert.throws(
    () => readBackupConfig({}, env),
    (error: Error) => {
      for (const name of Object.keys(env)) assert.match(error.message, new RegExp(name));
      assert.doesNotMatch(error.message, /sesame/);
      return true;
    },
  );
});

it('hides the passphrase, and prefers a recipient', () => {
  const config = readBackupConfig({ passphraseFile: secret }, {});
  assert.equal(config.keys.passphrase?.reveal(), 'open sesame');
  assert.equal(config.encryption?.to, 'passphrase');
  assert.doesNotMatch(inspect(config, { depth: 9 }), /sesame/);
  const recipient = `age1${'q'.repeat(58)}`;
  assert.deepEqual(readBackupConfig({ passphraseFile: secret, recipient }, {}).encryption, {
    to: 'recipient',
    recipient,
  });
});
