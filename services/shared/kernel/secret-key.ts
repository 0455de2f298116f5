import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { randomBase62, toBase62 } from './base62.ts';
import { hubError } from './errors/hub-error.ts';
import { Hidden } from './hidden.ts';

/**
 * What a key opens: the API (`live`, or `test` for nothing that costs), one subscription, or one signed-in session; or
 * what a mailed token proves: an address (`verify`), or that a password may be set anew (`reset`).
 */
export const secretKinds = ['live', 'test', 'sub', 'session', 'verify', 'reset'] as const;
export type SecretKind = (typeof secretKinds)[number];

// 43 characters of base 62 carry 256.03 bits. 6 more hold a CRC32, as in GitHub's tokens: scanners recognise a real key
// without asking us, and a mistyped one costs no look-up. CRC32 finds every change of a single character.
const randomLength = 43;
const checksumLength = 6;
/** Enough to tell one's keys apart; 220 bits stay unknown to whoever sees it. */
const visibleRandomLength = 6;

// Anchored and of fixed length: however long a text is, at most 60 characters of it are read.
const secretPattern = new RegExp(
  `^(qh_(${secretKinds.join('|')})_)[0-9A-Za-z]{${randomLength + checksumLength}}$`,
);
export interface SecretKey {
  kind: SecretKind;
  /** `qh_live_` and the next 6 characters: stored and shown so that people tell their keys apart. */
  prefix: string;
  /** SHA-256 of the whole key, 32 bytes: the only form in which a key is stored and looked up. */
  hash: Buffer;
}

export interface NewSecretKey extends SecretKey {
  /** Shown once to its owner and never stored. */
  secret: Hidden<string>;
}

/**
 * SHA-256 (32 bytes) of a secret that the machine made. One fast hash is enough for 256 random bits; a password that a
 * person chose needs a slow one.
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

function checksumOf(text: string): string {
  return toBase62(crc32(text), checksumLength);
}

function describe(kind: SecretKind, text: string): SecretKey {
  return { kind, prefix: text.slice(0, `qh_${kind}_`.length + visibleRandomLength), hash: hashSecret(text) };
}

/** A new key of 256 random bits, such as `qh_live_` and 49 characters. */
export function newSecretKey(kind: SecretKind): NewSecretKey {
  const body = `qh_${kind}_${randomBase62(randomLength)}`;
  const text = body + checksumOf(body);
  return { ...describe(kind, text), secret: new Hidden(text) };
}

/** A new token for a signed-in session, safe in a cookie: `qh_session_` and 49 characters. */
export function newSessionToken(): NewSecretKey {
  return newSecretKey('session');
}

/**
 * What can be known of a key without a database: its kind, prefix and hash. Throws `kernel.invalid_key`, which never
 * carries the text, for everything that Quantum Hub did not make. Costs the same for every text of the right length.
 */
export function parseSecretKey(text: unknown): SecretKey {
  const match = typeof text === 'string' ? secretPattern.exec(text) : null;
  const whole = match?.[0];
  if (whole === undefined || checksumOf(whole.slice(0, -checksumLength)) !== whole.slice(-checksumLength)) {
    throw hubError('kernel.invalid_key', {
      expected: `qh_, one of ${secretKinds.join(', ')}, and ${randomLength + checksumLength} characters with a checksum`,
    });
  }
  return describe(match?.[2] as SecretKind, whole);
}
