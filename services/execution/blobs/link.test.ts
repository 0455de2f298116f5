/** Guarantee: a link opens one document until it expires, and only the hub's key makes one. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { Hidden, newId } from '@quantum-hub/kernel';
import { BlobLinks, blobKey, blobNameOf } from './link.ts';

const links = (key: Uint8Array) => new BlobLinks(new Hidden(key));
const name = () => ({ jobId: newId(), sha256: randomBytes(32).toString('hex') });
const now = new Date('2026-11-23T10:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('links', () => {
  it('open what they were made for, in every process with the same key, until their second', () => {
    const key = randomBytes(32);
    const [blob, other] = [name(), name()];
    const token = links(key).tokenFor(blob, later(60));
    assert.deepEqual(links(key).read(token, now), blob);
    assert.deepEqual(links(key).read(token, later(59)), blob);
    assert.throws(() => links(key).read(token, later(60)), { code: 'execution.blob_link_expired' });
    assert.notEqual(links(key).tokenFor(other, later(60)), token);
    assert.match(token, /^[\w-]{115}$/);
  });

  it('of another key, cut, changed or written in another way open nothing', () => {
    const mine = links(randomBytes(32));
    const token = mine.tokenFor(name(), later(60));
    const refused = [
      links(randomBytes(32)).tokenFor(name(), later(60)),
      token.slice(0, -1),
      `${token}A`,
      `${token}=`,
      '',
      'AAAA',
      ...Array.from(
        { length: token.length },
        (_, at) => token.slice(0, at) + (token[at] === 'A' ? 'Q' : 'A') + token.slice(at + 1),
      ),
    ];
    for (const each of refused) {
      assert.throws(() => mine.read(each, now), { code: 'execution.blob_link_invalid' }, each);
    }
  });

  it('keys of the store can be read back, and nothing else is one', () => {
    const blob = name();
    assert.deepEqual(blobNameOf(blobKey(blob)), blob);
    for (const key of ['', 'results/ab/x.json', `../${blobKey(blob)}`, `${blobKey(blob)}.part`]) {
      assert.equal(blobNameOf(key), undefined);
    }
  });
});
