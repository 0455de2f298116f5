import { KEYWORDS } from './keywords.ts';

const CACHE_SIZE = 1024;

const KEYWORD_NUMBERS: ReadonlyMap<string, number> = new Map(
  KEYWORDS.map((keyword, index) => [keyword, index]),
);

/**
 * Every name of a program once, by number; the keywords come first. A small cache by a cheap hash answers most
 * questions without cutting the name out of the text; what misses it goes to a Map, so no choice of names makes it slow.
 */
export class Names {
  readonly list: string[] = [...KEYWORDS];
  /** Those of the program; the keywords' are shared by all, which is a tenth of the time of a program of 1 kB. */
  readonly #byName = new Map<string, number>();
  readonly #cache = new Uint32Array(CACHE_SIZE);

  /** The number of the name `text[start..end)`, whose characters were hashed to `hash`. */
  numberOf(text: string, start: number, end: number, hash: number): number {
    const place = (hash ^ (hash >>> 12)) & (CACHE_SIZE - 1);
    const cached = (this.#cache[place] as number) - 1;
    if (cached >= 0 && equals(this.list[cached] as string, text, start, end)) return cached;
    const name = text.slice(start, end);
    let number = KEYWORD_NUMBERS.get(name) ?? this.#byName.get(name);
    if (number === undefined) {
      number = this.list.length;
      this.list.push(name);
      this.#byName.set(name, number);
    }
    this.#cache[place] = number + 1;
    return number;
  }
}

function equals(name: string, text: string, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at++) {
    if (name.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  }
  return true;
}
