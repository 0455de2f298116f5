/**
 * The tokens of one text, a column each for kind, start, end and name: 13 bytes a token, so that 10 MB of source stay
 * small. Offsets are those of the text itself. The last token is `T.end`.
 */
export class Tokens {
  kinds: Uint8Array<ArrayBuffer>;
  starts: Uint32Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
  /** For identifiers: which of `Names`. */
  names: Uint32Array<ArrayBuffer>;
  count = 0;

  /**
   * Made for a text of this many characters. The densest programs (`cx q[0],q[1];`) have four tokens for five of them; memory that
   * no token is written to costs nothing, while growing copied 60 MB for 10 MB of text.
   */
  constructor(characters: number) {
    const size = 64 + Math.ceil(characters * 0.8);
    this.kinds = new Uint8Array(size);
    this.starts = new Uint32Array(size);
    this.ends = new Uint32Array(size);
    this.names = new Uint32Array(size);
  }

  push(kind: number, start: number, end: number, name: number): void {
    if (this.count === this.kinds.length) this.#grow();
    this.kinds[this.count] = kind;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.names[this.count] = name;
    this.count++;
  }

  #grow(): void {
    const size = this.count * 2;
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.starts = grown(this.starts, size);
    this.ends = grown(this.ends, size);
    this.names = grown(this.names, size);
  }
}

function grown(column: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(column);
  return larger;
}
