/** Looks for secrets in what is kept: in clear, and in the ways in which programs write bytes down. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { TestDatabase } from '../../services/shared/database/testing/index.ts';
import type { FullHub } from './test-full-hub.ts';

export interface Found {
  readonly secret: string;
  /** How it was written: `clear`, `hex`, `base64`, `base64url`. */
  readonly form: string;
  /** What stands around it. */
  readonly near: string;
}

/** Long enough that chance makes none of them, and what a text is looked through by. */
const probeLength = 12;

/**
 * Base64 of bytes that stand anywhere in something longer: three beginnings, by where in a group of three they start, without
 * the characters that a neighbour takes part in.
 */
function base64Of(bytes: Buffer, encoding: 'base64' | 'base64url'): readonly string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const end = Math.floor((whole.length * 8) / 6);
    return whole.toString(encoding).slice(Math.ceil((before * 8) / 6), end);
  });
}

function formsOf(secret: string): readonly (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    ['clear', secret],
    ['hex', hex],
    ['hex', hex.toUpperCase()],
    ...base64Of(bytes, 'base64').map((form) => ['base64', form] as const),
    ...base64Of(bytes, 'base64url').map((form) => ['base64url', form] as const),
  ];
}

/** Every secret that stands in the text, whatever its form; one pass however many secrets there are. */
export function findSecrets(haystack: string, secrets: Iterable<string>): Found[] {
  const probes = new Map<string, { secret: string; form: string; text: string }[]>();
  for (const secret of secrets) {
    assert.ok(secret.length >= probeLength, `a secret of ${secret.length} characters can't be looked for`);
    for (const [form, written] of formsOf(secret)) {
      const probe = written.slice(0, probeLength);
      probes.set(probe, [...(probes.get(probe) ?? []), { secret, form, text: written }]);
    }
  }
  const found: Found[] = [];
  for (let at = 0; at + probeLength <= haystack.length; at += 1) {
    for (const { secret, form, text: written } of probes.get(haystack.slice(at, at + probeLength)) ?? []) {
      if (haystack.startsWith(written, at))
        found.push({ secret, form, near: haystack.slice(Math.max(0, at - 60), at) });
    }
  }
  return found;
}

/** A dump as anybody makes one: the whole database as SQL, by the real pg_dump. */
export async function dumpOf({ administrator, name }: TestDatabase): Promise<string> {
  const { host, port, user, password } = administrator;
  const address = ['--host', host, '--port', String(port), '--username', user, '--dbname', name];
  const child = spawn('pg_dump', [...address, '--format=plain', '--no-password'], {
    env: { ...process.env, PGPASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [dump, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  assert.deepEqual([child.exitCode, complaints], [0, ''], 'pg_dump');
  return dump;
}

/** Judges all that a hub wrote down while secrets passed through it: its database and its log. */
export async function requireNothingKept({ place, log, secrets }: FullHub): Promise<void> {
  const dump = await dumpOf(place);
  // The dump is one of this hub, with the rows in it that secrets would stand in.
  for (const table of [
    'identity.users',
    'identity.user_sessions',
    'identity.user_api_keys',
    'identity.outbox_mails',
  ]) {
    assert.match(dump, new RegExp(`^COPY ${table} .*;\n(?!\\\\\\.)`, 'm'), `rows of ${table}`);
  }
  assert.match(dump, /\$argon2id\$/);
  requireNone('the dump', dump, secrets);
  requireNone('the log', log.join('\n'), secrets);
}

/** Throws with the place of the first secret found; only a part of it is shown. */
export function requireNone(what: string, haystack: string, secrets: Iterable<string>): void {
  const [first, ...more] = findSecrets(haystack, secrets);
  if (!first) return;
  const { secret, form, near } = first;
  assert.fail(`${what} holds ${secret.slice(0, 10)}... in ${form} and ${more.length} more, after: ${near}`);
}
