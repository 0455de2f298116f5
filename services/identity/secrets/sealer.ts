import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { type Hidden, hubError } from '@quantum-hub/kernel';

const nonceLength = 12;
const tagLength = 16;

export interface Sealed {
  /** Nonce, text, tag. */
  readonly sealed: Buffer;
  /** Which key: the first 16 hex digits of its SHA-256. */
  readonly keyId: string;
}

/** Seals what must be read back later with the server's key, which the database doesn't have: AES-256-GCM (SP 800-38D). */
export class Sealer {
  readonly keyId: string;
  readonly #key: Buffer;

  /** The key is derived from the server's secret for this one purpose, so that signatures elsewhere share no key with it. */
  constructor(secret: Hidden<string>) {
    this.#key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'quantum-hub outbox mail', 32));
    this.keyId = createHash('sha256').update(this.#key).digest('hex').slice(0, 16);
  }

  /** `context` (the row's id) is bound to it: a sealed text moved into another row opens nothing. */
  seal(text: string, context: string): Sealed {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]), keyId: this.keyId };
  }

  /** The text again. Throws `identity.seal_broken` when the server has another key now, or the text was altered. */
  open({ sealed, keyId }: Sealed, context: string): string {
    if (keyId !== this.keyId) throw hubError('identity.seal_broken', { keyId, current: this.keyId });
    const nonce = sealed.subarray(0, nonceLength);
    const body = sealed.subarray(nonceLength, -tagLength);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce)
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(-tagLength));
    try {
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw hubError('identity.seal_broken', { keyId, current: this.keyId }, { cause });
    }
  }
}
