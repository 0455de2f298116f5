import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { isHubError } from './errors/hub-error.ts';
import { hashSecret, newSecretKey, newSessionToken, parseSecretKey, secretKinds } from './secret-key.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const anyKind = fc.constantFrom(...secretKinds);

const refused = (text: unknown) => (error: unknown) =>
  isHubError(error, 'kernel.invalid_key') &&
  !(typeof text === 'string' && text !== '' && inspect(error).includes(text));

test('a new key has the documented form, and parsing it gives back what is stored', () => {
  fc.assert(
    fc.property(anyKind, (kind) => {
      const { secret, ...stored } = newSecretKey(kind);
      const text = secret.reveal();
      assert.match(text, new RegExp(`^qh_${kind}_[0-9A-Za-z]{49}$`));
      assert.deepEqual(parseSecretKey(text), stored);
      assert.equal(stored.prefix, text.slice(0, `qh_${kind}_`.length + 6));
      assert.deepEqual(stored.hash, createHash('sha256').update(text).digest());
      assert.equal(stored.hash.length, 32);
    }),
  );
});

test('any change of a single character is refused before any look-up', () => {
  fc.assert(
    fc.property(anyKind, fc.nat(), fc.constantFrom(...base62, '_', '-', ' '), (kind, place, character) => {
      const text = newSecretKey(kind).secret.reveal();
      const at = place % text.length;
      fc.pre(text[at] !== character);
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      assert.throws(() => parseSecretKey(changed), refused(changed));
    }),
    { numRuns: 2000 },
  );
});

test('a key of one kind cannot be made into a key of another', () => {
  const text = newSecretKey('test').secret.reveal();
  assert.throws(() => parseSecretKey(text.replace('qh_test_', 'qh_live_')), refused(text));
});

test('a cut, extended, foreign, huge or missing text is refused, and never repeated in the error', () => {
  const text = newSecretKey('live').secret.reveal();
  for (const wrong of [
    text.slice(0, -1),
    text.slice(0, 14),
    `${text}0`,
    `${text}\n`,
    ` ${text}`,
    text.toUpperCase(),
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'x'.repeat(10_000_000),
    '',
    undefined,
    null,
    42,
    [text],
  ]) {
    assert.throws(() => parseSecretKey(wrong), refused(wrong));
  }
});

test('a new key does not show itself when it is printed, put into JSON or into a text', () => {
  const key = newSecretKey('live');
  const random = key.secret.reveal().slice(key.prefix.length);
  for (const printed of [
    inspect(key, { depth: 9, showHidden: true }),
    JSON.stringify(key),
    `${key.secret}`,
  ]) {
    assert.ok(!printed.includes(random), printed);
  }
});

test('keys are drawn from the whole alphabet evenly, and none comes twice', () => {
  const texts = Array.from({ length: 2000 }, () => newSecretKey('live').secret.reveal());
  assert.equal(new Set(texts).size, texts.length);
  const counts = new Map<string, number>();
  for (const text of texts) for (const c of text.slice(8, 51)) counts.set(c, (counts.get(c) ?? 0) + 1);
  const expected = (2000 * 43) / 62;
  // 86,000 draws: one character's count has a standard deviation of 37; taking bytes modulo 62 without rejection would
  // make eight characters 25 % too frequent (347 more).
  for (const c of base62)
    assert.ok(Math.abs((counts.get(c) ?? 0) - expected) < 250, `${c}: ${counts.get(c)}`);
});

test('the checksum is CRC32 in base 62 over all that stands before it, so that scanners can check keys without us', () => {
  const body = `qh_live_${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg'}`;
  const accepted = `${body}${checksum(body)}`;
  assert.equal(parseSecretKey(accepted).prefix, 'qh_live_012345');
  for (const wrong of [body.slice(0, -1), `${body}0`, body.replace('live', 'admin')]) {
    assert.throws(() => parseSecretKey(`${wrong}${checksum(wrong)}`), refused(wrong));
  }
});

/** CRC32 as zlib and PNG define it, bit by bit: independent of the code under test. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let place = 0; place < 6; place++) {
    digits = base62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

test('a session token follows the same grammar under a kind of its own', () => {
  const token = newSessionToken();
  assert.equal(token.kind, 'session');
  assert.deepEqual(hashSecret(token.secret.reveal()), parseSecretKey(token.secret.reveal()).hash);
});
