/**
 * Encryption with age. Each backup has a key of its own; `key.age` holds it, encrypted with the passphrase or for the
 * recipient, so that a slow passphrase is worked out once and not once a file. By hand:
 * `age -d key.age > key; age -d -i key dump.pgdump.age`.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type Hidden, hubError } from '@quantum-hub/kernel';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { type Encryption, identityLine, type Keys } from '../settings.ts';
import type { BackupEncryption } from './manifest.ts';

export const keyFile = 'key.age';

export interface Sealer {
  /** The content of `keyFile`. */
  readonly key: Uint8Array;
  seal(source: Readable): Promise<Readable>;
}

type Unsealer = (source: Readable) => Promise<Readable>;

export async function makeSealer(encryption: Encryption): Promise<Sealer> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const outer = new Encrypter();
  if (encryption.to === 'passphrase') outer.setPassphrase(encryption.passphrase.reveal());
  else outer.addRecipient(encryption.recipient);
  return {
    key: await outer.encrypt(`${identity}\n`),
    seal: async (source) => {
      const inner = new Encrypter();
      inner.addRecipient(recipient);
      return toNode(await inner.encrypt(toWeb(source)));
    },
  };
}

/** Opens the backup's own key. Throws `database.backup_locked` where passphrase or identity are missing or others. */
export async function makeUnsealer(
  name: string,
  encryption: BackupEncryption,
  keys: Keys,
  readKey: () => Promise<Uint8Array>,
): Promise<Unsealer> {
  const outer = new Decrypter();
  if (encryption.to === 'passphrase') outer.addPassphrase(needed(name, 'passphrase', keys.passphrase));
  else {
    const text = needed(name, 'identity', keys.identity);
    for (const [line] of text.matchAll(new RegExp(identityLine, 'gm'))) outer.addIdentity(line);
  }
  const identity = await outer.decrypt(await readKey(), 'text').catch((error: unknown) => {
    const what =
      encryption.to === 'passphrase' ? 'the passphrase is another one' : 'the identity is another one';
    throw hubError(
      'database.backup_locked',
      { name, reason: what, remedy: 'name the right one' },
      { cause: error },
    );
  });
  const inner = new Decrypter();
  inner.addIdentity(identity.trim());
  return async (source) => toNode(await inner.decrypt(toWeb(source)));
}

function needed(name: string, what: 'passphrase' | 'identity', secret: Hidden<string> | undefined): string {
  if (secret !== undefined) return secret.reveal();
  throw hubError('database.backup_locked', {
    name,
    reason: `the ${what} that opens it is not there`,
    remedy: `name its file with --${what}-file or QHUB_BACKUP_${what.toUpperCase()}_FILE`,
  });
}

/** Both kinds of web streams are one at run time; the types of Node and of the DOM differ. */
function toWeb(source: Readable): globalThis.ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as unknown as globalThis.ReadableStream<Uint8Array>;
}

function toNode(stream: globalThis.ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as ReadableStream);
}
