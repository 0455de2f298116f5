/** A text that a pattern accepts, for the plain part of regular expressions that JavaScript and PostgreSQL share. */

export type Choices = {
  /** How often a part comes, from `min` to `max`. */
  readonly times: (min: number, max: number) => number;
  /** Which of `count` things is taken, from 0. */
  readonly which: (count: number) => number;
};

const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const classes: Readonly<Record<string, (char: string) => boolean>> = {
  d: (char) => /\d/.test(char),
  w: (char) => /\w/.test(char),
  s: (char) => char === ' ',
};

/** Undefined where the pattern has what this does not know: look-arounds, back references, flags. */
export function samplePattern(pattern: string, choices: Choices): string | undefined {
  const reader = new PatternReader(pattern, choices);
  const text = reader.alternatives();
  return reader.isDone ? text : undefined;
}

class PatternReader {
  readonly #pattern: string;
  readonly #choices: Choices;
  #at = 0;

  constructor(pattern: string, choices: Choices) {
    this.#pattern = pattern;
    this.#choices = choices;
  }

  get isDone(): boolean {
    return this.#at === this.#pattern.length;
  }

  alternatives(): string {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options[this.#choices.which(options.length)] ?? '';
  }

  #sequence(): string {
    let text = '';
    while (!this.isDone && !'|)'.includes(this.#char)) {
      if (this.#take('^') || this.#take('$')) continue;
      const start = this.#at;
      const once = this.#atom();
      if (once === undefined) return text;
      const end = this.#at;
      const [min, max] = this.#repetition();
      const after = this.#at;
      const times = this.#choices.times(min, max);
      if (times > 0) text += once;
      // Read again for each time, so that each may choose otherwise.
      for (let count = 1; count < times; count += 1) {
        this.#at = start;
        text += this.#atom() ?? '';
      }
      this.#at = times > 1 ? after : Math.max(after, end);
    }
    return text;
  }

  #atom(): string | undefined {
    if (this.#pattern.startsWith('(?:', this.#at)) this.#at += 3;
    else if (this.#pattern.startsWith('(?', this.#at)) return undefined;
    else if (!this.#take('(')) return this.#charOf();
    const text = this.alternatives();
    return this.#take(')') ? text : undefined;
  }

  #charOf(): string {
    if (this.#take('[')) return this.#set();
    if (this.#take('.')) return this.#oneOf(printable);
    if (!this.#take('\\')) return this.#next();
    const kind = this.#next();
    const isIn = classes[kind.toLowerCase()];
    if (isIn === undefined) return kind;
    return this.#oneOf(printable.filter((char) => isIn(char) === (kind === kind.toLowerCase())));
  }

  #set(): string {
    const negated = this.#take('^');
    const tests: ((char: string) => boolean)[] = [];
    while (!this.isDone && (this.#char !== ']' || tests.length === 0)) tests.push(this.#member());
    this.#take(']');
    return this.#oneOf(printable.filter((char) => tests.some((test) => test(char)) !== negated));
  }

  #member(): (char: string) => boolean {
    if (this.#take('\\')) {
      const kind = this.#next();
      return classes[kind] ?? ((char) => char === kind);
    }
    const low = this.#next();
    const isRange = this.#char === '-' && this.#pattern[this.#at + 1] !== ']';
    if (!isRange) return (char) => char === low;
    this.#at += 1;
    const high = this.#next();
    return (char) => char >= low && char <= high;
  }

  #repetition(): [number, number] {
    if (this.#take('?')) return [0, 1];
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    const counts = /^\{(\d+)(,(\d*))?\}/.exec(this.#pattern.slice(this.#at));
    if (!counts) return [1, 1];
    this.#at += counts[0].length;
    const min = Number(counts[1]);
    return [min, counts[2] === undefined ? min : counts[3] ? Number(counts[3]) : Number.POSITIVE_INFINITY];
  }

  get #char(): string {
    return this.#pattern[this.#at] ?? '';
  }

  #next(): string {
    const char = this.#char;
    this.#at += 1;
    return char;
  }

  #take(char: string): boolean {
    if (this.#char !== char) return false;
    this.#at += 1;
    return true;
  }

  #oneOf(chars: readonly string[]): string {
    return chars[this.#choices.which(chars.length)] ?? '';
  }
}
