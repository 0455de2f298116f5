/** Guarantee: the search that the dump of the database is judged by finds a secret in every form and at every place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSecretKey } from '../../services/shared/kernel/index.ts';
import { findSecrets, requireNone } from './test-secrets.ts';

const secret = newSecretKey('live').secret.reveal();
const others = Array.from({ length: 50 }, () => newSecretKey('session').secret.reveal());

const forms: readonly (readonly [string, (text: string) => string])[] = [
  ['clear', (text) => text],
  ['hex', (text) => Buffer.from(text).toString('hex')],
  ['hex', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['base64', (text) => Buffer.from(text).toString('base64')],
  ['base64url', (text) => Buffer.from(text).toString('base64url')],
];

for (const [form, write] of forms) {
  test(`a secret in ${form} is found wherever it begins and ends in something longer`, () => {
    for (const before of ['', 'a', 'ab', 'abc', '{"key":"'])
      for (const after of ['', 'z', 'zy', '"}']) {
        const haystack = `x${write(`${before}${secret}${after}`)}x`;
        const found = findSecrets(haystack, [...others, secret]);
        assert.ok(found.length > 0, `${before}|${after}`);
        assert.ok(found.every((each) => each.secret === secret));
        assert.ok(form.startsWith('base64') || found[0]?.form === form);
      }
  });
}

test('others, and a hash or a half of it, are none', () => {
  assert.deepEqual(findSecrets(`${others.join()} ${secret.slice(0, 40)}`, [secret]), []);
  assert.doesNotThrow(() => requireNone('a text', 'nothing', [secret]));
  assert.throws(
    () => requireNone('a text', `key=${secret}`, [secret]),
    /a text holds qh_live_\w\w\.\.\. in clear/,
  );
});

test('a secret too short to be told from chance is refused instead of found everywhere', () => {
  assert.throws(() => findSecrets('short', ['short']), /can't be looked for/);
});
