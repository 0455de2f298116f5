import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** Passes bytes on, counts them and takes their SHA-256 on the way. */
export class Metered extends Transform {
  bytes = 0;
  readonly #hash = createHash('sha256');
  readonly #onBytes: (bytes: number) => void;

  constructor(onBytes: (bytes: number) => void = () => {}) {
    super();
    this.#onBytes = onBytes;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    this.#hash.update(chunk);
    this.#onBytes(this.bytes);
    done(null, chunk);
  }

  /** In hex; once, at the end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}
