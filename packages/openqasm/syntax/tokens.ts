/**
 * The tokens of one text, a column each for kind, start, end and name: 13 bytes a token, so that 10 MB of source stay
 * small. Offsets are those of the text itself. The last token is `T.end`.
 */
export class Tokens {
  kinds = new Uint8Array(256);
  starts = new Uint32Array(256);
  ends = new Uint32Array(256);
  /** For identifiers: which of `Names`. */
  names = new Uint32Array(256);
  count = 0;

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
