import type { SourceFile } from '../source/source-text.ts';
import { isAsciiName, isAsciiNameStart, isDigit, shown, unicodeNameLength } from './characters.ts';
import { K, KEYWORDS, KEYWORDS_FROM } from './keywords.ts';
import { plainDecimalEnd, scanNumber } from './lex-number.ts';
import { operatorAt } from './lex-operator.ts';
import type { Pass } from './pass.ts';
import { T } from './token-kinds.ts';
import { Tokens } from './tokens.ts';

/** A comment of the text, by offsets in it. */
export type Comment = { readonly start: number; readonly end: number };
export type Lexed = {
  readonly tokens: Tokens;
  readonly comments: readonly Comment[];
  readonly version: 2 | 3;
};

/** Tokens between two looks at the clock. */
const STRIDE = 4096;

/**
 * Cuts a text into tokens. `version` is the language where the text has no OPENQASM line: OpenQASM 2 knows neither `pragma` nor
 * `cal`, whose text is taken raw. What is no token is told once for each stretch of it and left out.
 */
export function lex(file: SourceFile, version: 2 | 3, pass: Pass): Lexed {
  return new Lexer(file, version, pass).run();
}

class Lexer {
  readonly text: string;
  readonly base: number;
  readonly pass: Pass;
  readonly tokens: Tokens;
  readonly comments: Comment[] = [];
  version: 2 | 3;
  at = 0;
  /** No `{` and no `;` follows any more: looking for one again would cost the square of the text. */
  #braceless = false;
  /** Where the `{` of the calibration is whose head is being read; -1: none. */
  #rawAt = -1;

  constructor(file: SourceFile, version: 2 | 3, pass: Pass) {
    this.text = file.text;
    this.tokens = new Tokens(file.text.length);
    this.base = file.base;
    this.version = version;
    this.pass = pass;
  }

  run(): Lexed {
    const { text, tokens } = this;
    let due = STRIDE;
    for (;;) {
      this.#skipBlanks();
      if (this.at >= text.length) break;
      if (this.at === this.#rawAt) this.#raw();
      else this.#token(text.charCodeAt(this.at));
      if (tokens.count >= due) {
        this.pass.spend(STRIDE, this.base + this.at);
        due += STRIDE;
      }
    }
    tokens.push(T.end, text.length, text.length, 0);
    this.pass.spend(tokens.count % STRIDE, this.base + this.at);
    return { tokens, comments: this.comments, version: this.version };
  }

  #skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 32 || (code >= 9 && code <= 13)) this.at++;
      else if (code !== 47 || !this.#skipComment(text.charCodeAt(this.at + 1))) return;
    }
  }

  #skipComment(second: number): boolean {
    const start = this.at;
    if (second === 47) {
      this.at = this.#lineEnd();
    } else if (second === 42) {
      const close = this.text.indexOf('*/', start + 2);
      if (close < 0)
        this.#bad(start, start + 2, "The comment that begins with '/*' is never closed.", "'*/'");
      this.at = close < 0 ? this.text.length : close + 2;
    } else {
      return false;
    }
    this.comments.push({ start, end: this.at });
    return true;
  }

  #token(code: number): void {
    if (isAsciiNameStart(code)) this.#name();
    else if (isDigit(code) || (code === 46 && isDigit(this.text.charCodeAt(this.at + 1)))) this.#number();
    else if (code === 34 || code === 39) this.#string(code);
    else if (code === 36) this.#hardwareQubit();
    else if (code === 64) this.#at();
    else if (code === 35) this.#hash();
    else if (code < 128) this.#operator();
    else if (unicodeNameLength(this.text, this.at) > 0) this.#name();
    else this.#unknown();
  }

  #operator(): void {
    const found = operatorAt(this.text, this.at);
    if (found === 0) {
      this.#unknown();
      return;
    }
    const start = this.at;
    this.at += found >> 8;
    this.tokens.push(found & 0xff, start, this.at, 0);
  }

  #name(): void {
    const { text } = this;
    const start = this.at;
    let at = start;
    let hash = 0;
    for (;;) {
      const code = text.charCodeAt(at);
      if (isAsciiName(code)) at++;
      else if (code >= 128) {
        const length = unicodeNameLength(text, at);
        if (length === 0) break;
        at += length;
      } else break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    this.at = at;
    const name = this.pass.names.numberOf(text, start, at, hash);
    if (name >= KEYWORDS.length) {
      if (this.version === 3 && text.startsWith('pragma', start) && at - start === 6)
        this.#lineOf(T.pragma, start);
      else this.tokens.push(T.identifier, start, at, name);
      return;
    }
    this.tokens.push(KEYWORDS_FROM + name, start, at, name);
    if (this.version === 3) this.#afterKeyword(KEYWORDS_FROM + name);
  }

  /** `cal { raw }` and `defcal signature { raw }`: what is between the braces is another language. */
  #afterKeyword(kind: number): void {
    if (kind === K.cal || kind === K.defcal) this.#rawAt = this.#openingBrace();
  }

  #raw(): void {
    const open = this.at;
    const close = this.#closingBrace(open);
    const end = close < 0 ? this.text.length : close;
    this.tokens.push(T.leftBrace, open, open + 1, 0);
    this.tokens.push(T.calibration, open + 1, end, 0);
    this.at = end;
  }

  /** Where the next `{` is, unless a `;` ends the statement before it. */
  #openingBrace(): number {
    if (this.#braceless) return -1;
    for (let at = this.at; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 123) return at;
      if (code === 59) return -1;
    }
    this.#braceless = true;
    return -1;
  }

  #closingBrace(open: number): number {
    let depth = 0;
    for (let at = open; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 123) depth++;
      else if (code === 125 && --depth === 0) return at;
    }
    return -1;
  }

  #number(): void {
    const { text, tokens } = this;
    const start = this.at;
    const plain = plainDecimalEnd(text, start);
    if (plain > start && tokens.count !== 1) {
      this.at = plain;
      tokens.push(T.decimal, start, plain, 0);
      return;
    }
    const found = scanNumber(text, start, this.version === 3);
    this.at = found.end;
    if (found.problem) {
      this.#bad(
        start,
        this.at,
        `'${cut(text.slice(start, this.at))}' is no number: ${found.problem}.`,
        'a number',
      );
    }
    // A wrong number is no integer, but stands for a value.
    tokens.push(found.problem ? T.float : found.kind, start, this.at, 0);
    // The version line decides how the rest is read.
    if (tokens.count === 2 && tokens.kinds[0] === K.OPENQASM) {
      this.version = /^2(\.|$)/.test(text.slice(start, this.at)) ? 2 : 3;
    }
  }

  #string(quote: number): void {
    const { text } = this;
    const start = this.at;
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (at >= text.length || code === 10 || code === 13) {
        this.#bad(
          start,
          at,
          'The string is not closed on its line.',
          `a closing ${String.fromCharCode(quote)}`,
        );
        this.tokens.push(T.string, start, at, 0);
        this.at = at;
        return;
      }
      at++;
    }
    this.at = at + 1;
    this.tokens.push(T.string, start, this.at, 0);
  }

  #hardwareQubit(): void {
    const start = this.at++;
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
    if (this.at === start + 1)
      this.#bad(start, this.at, "'$' stands alone.", "a hardware qubit such as '$0'");
    else this.tokens.push(T.hardwareQubit, start, this.at, 0);
  }

  /** `@name` begins an annotation where a statement may begin; elsewhere `@` follows a modifier. */
  #at(): void {
    const { tokens } = this;
    const start = this.at;
    const code = this.text.charCodeAt(start + 1);
    const before = tokens.count === 0 ? T.semicolon : tokens.kinds[tokens.count - 1];
    const statement =
      before === T.semicolon ||
      before === T.leftBrace ||
      before === T.rightBrace ||
      before === T.annotation ||
      before === T.pragma;
    if (
      statement &&
      (isAsciiNameStart(code) || (code >= 128 && unicodeNameLength(this.text, start + 1) > 0))
    ) {
      this.#lineOf(T.annotation, start);
      return;
    }
    this.at++;
    tokens.push(T.at, start, this.at, 0);
  }

  /** `#pragma` and `#dim`. */
  #hash(): void {
    const start = this.at;
    if (this.#word('#pragma')) {
      this.#lineOf(T.pragma, start);
    } else if (this.#word('#dim')) {
      this.at += 4;
      this.tokens.push(T.dim, start, this.at, 0);
    } else {
      this.#unknown();
    }
  }

  #word(word: string): boolean {
    const { text, at } = this;
    return text.startsWith(word, at) && !isAsciiName(text.charCodeAt(at + word.length));
  }

  #lineOf(kind: number, start: number): void {
    this.at = this.#lineEnd();
    this.tokens.push(kind, start, this.at, 0);
  }

  #lineEnd(): number {
    const { text } = this;
    let at = this.at;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) break;
      at++;
    }
    return at;
  }

  /** One finding for a whole stretch of characters that begin no token. */
  #unknown(): void {
    const { text } = this;
    const start = this.at;
    const first = text.codePointAt(start) as number;
    while (this.at < text.length && beginsNothing(text, this.at)) this.at++;
    if (this.at === start) this.at++;
    this.#bad(
      start,
      this.at,
      `The character ${shown(first)} has no meaning here.`,
      'a statement of the language',
    );
  }

  #bad(start: number, end: number, message: string, expected: string): void {
    this.pass.findings.add({
      start: this.base + start,
      end: this.base + end,
      code: 'syntax',
      message,
      expected,
    });
    this.pass.stopWhenFull();
  }
}

function beginsNothing(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 128) return unicodeNameLength(text, at) === 0;
  return (
    !(isAsciiName(code) || (code >= 9 && code <= 13) || code === 32) &&
    !'"\'$@#'.includes(text[at] as string) &&
    operatorAt(text, at) === 0
  );
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
