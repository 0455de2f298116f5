import type { DiagnosticCode, Finding, Span } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-text.ts';
import { suggest } from '../source/suggest.ts';
import type { Expression, Identifier, Statement } from './ast.ts';
import { KEYWORDS, KEYWORDS_FROM, VERSION_3_FROM } from './keywords.ts';
import { symbolText } from './lex-operator.ts';
import { BROKEN, type Pass } from './pass.ts';
import { T } from './token-kinds.ts';
import type { Tokens } from './tokens.ts';

/** Nodes may nest this many times deeper than brackets do: operators in a row make a node each. */
const HEIGHT_PER_NESTING = 5;

/** The parts of the grammar that the others are made of, handed down so that no file needs one above it. */
export type Grammar = {
  readonly statement: (c: Cursor) => Statement;
  readonly expression: (c: Cursor) => Expression;
};

/** Walks over the tokens of one file. Parsing functions take it first; they leave it behind what they read. */
export class Cursor {
  readonly file: SourceFile;
  readonly pass: Pass;
  readonly version: 2 | 3;
  readonly tokens: Tokens;
  readonly grammar: Grammar;
  index = 0;
  kind: number;
  /** Blocks around, and brackets and operators around, each counted by itself. */
  blocks = 0;
  expressions = 0;
  /** Height of the expression that was read last. */
  height = 0;
  /** Gates that an OpenQASM 2 program calls by a word that is a keyword in OpenQASM 3. */
  readonly gatesNamedByKeywords = new Set<string>();

  constructor(file: SourceFile, tokens: Tokens, version: 2 | 3, pass: Pass, grammar: Grammar) {
    this.file = file;
    this.tokens = tokens;
    this.version = version;
    this.pass = pass;
    this.grammar = grammar;
    this.kind = tokens.kinds[0] as number;
  }

  next(): void {
    this.index++;
    this.kind = this.tokens.kinds[this.index] as number;
  }

  /** Goes back to (or on to) a token. */
  moveTo(index: number): void {
    this.index = index;
    this.kind = this.tokens.kinds[index] as number;
  }

  /** The kind of the token `distance` ahead; the end where there is none. */
  peek(distance: number): number {
    const index = this.index + distance;
    return index < this.tokens.count ? (this.tokens.kinds[index] as number) : T.end;
  }

  get start(): number {
    return this.file.base + (this.tokens.starts[this.index] as number);
  }

  get end(): number {
    return this.file.base + (this.tokens.ends[this.index] as number);
  }

  /** Where the token before ended: the end of what was just read. */
  get lastEnd(): number {
    return this.index === 0 ? this.file.base : this.file.base + (this.tokens.ends[this.index - 1] as number);
  }

  get text(): string {
    return this.file.text.slice(this.tokens.starts[this.index], this.tokens.ends[this.index]);
  }

  /** True for what may be a name here: in OpenQASM 2 also most keywords of OpenQASM 3. */
  isName(kind: number): boolean {
    return kind === T.identifier || (this.version === 2 && kind >= VERSION_3_FROM);
  }

  is(kind: number): boolean {
    return this.kind === kind;
  }

  accept(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  /** Takes a token of this kind or leaves the statement. */
  expect(kind: number, expected: string): void {
    if (this.kind !== kind) this.fail(expected);
    this.next();
  }

  identifier(expected: string): Identifier {
    if (!this.isName(this.kind)) this.fail(expected);
    return this.anyName();
  }

  /** The token as a name, whatever it is. */
  anyName(): Identifier {
    const name = this.pass.names.list[this.tokens.names[this.index] as number] as string;
    const node: Identifier = { kind: 'identifier', start: this.start, end: this.end, name };
    this.next();
    return node;
  }

  /** What stands here, for a message. */
  found(): string {
    if (this.kind === T.end)
      return this.file.name === undefined ? 'the end of the program' : 'the end of the file';
    if (this.kind >= KEYWORDS_FROM) return `the keyword '${this.text}'`;
    if (this.kind === T.pragma || this.kind === T.annotation) return `'${this.text.split(/\s/, 1)[0]}'`;
    const text = symbolText(this.kind) ?? this.text;
    return text.length > 40 ? `'${text.slice(0, 40)}...'` : `'${text}'`;
  }

  /** Where the present token is; at the end of the text the last one before it. */
  here(): Span {
    if (this.kind === T.end) return { start: Math.max(this.lastEnd - 1, this.file.base), end: this.lastEnd };
    return { start: this.start, end: this.end };
  }

  /** Reports that something else is expected at the present token, and leaves the statement. */
  fail(expected: string, suggestion?: string): never {
    this.report(this.here(), 'syntax', `Expected ${expected}, found ${this.found()}.`, expected, suggestion);
    throw BROKEN;
  }

  /** Leaves the statement; the finding was added before. */
  failReported(): never {
    throw BROKEN;
  }

  report(at: Span, code: DiagnosticCode, message: string, expected: string, suggestion?: string): void {
    const finding: Finding = { start: at.start, end: at.end, code, message, expected };
    this.pass.findings.add(suggestion === undefined ? finding : { ...finding, suggestion });
    this.pass.stopWhenFull();
  }

  /**
   * A missing `;` is told where it is missing, and the statement stands if the next one follows. `first` is the
   * statement's first word, where it may be a misspelt keyword.
   */
  semicolon(first?: Identifier): void {
    if (this.accept(T.semicolon)) return;
    const expected = "';'";
    const newLine = this.onNewLine();
    const meant = first && first.name.length > 2 && !newLine ? suggest(first.name, KEYWORDS) : undefined;
    if (first && meant) {
      const message = `'${first.name}' begins no statement that goes on with ${this.found()}.`;
      this.report(first, 'syntax', message, `a statement such as '${meant}'`, meant);
      throw BROKEN;
    }
    const fits = newLine || this.startsStatement();
    const at = fits ? { start: Math.max(this.lastEnd - 1, this.file.base), end: this.lastEnd } : this.here();
    const message = `Expected ';' at the end of the statement, found ${this.found()}.`;
    this.report(at, 'syntax', message, expected);
    if (!fits) throw BROKEN;
  }

  /** True where the present token may be the first of a statement (or ends the block). */
  startsStatement(): boolean {
    const { kind } = this;
    if (kind === T.end || kind === T.rightBrace || kind === T.identifier) return true;
    return kind === T.pragma || kind === T.annotation || kind >= KEYWORDS_FROM;
  }

  onNewLine(): boolean {
    const { starts, ends } = this.tokens;
    if (this.index === 0) return true;
    const text = this.file.text;
    const to = starts[this.index] as number;
    for (let at = ends[this.index - 1] as number; at < to; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) return true;
    }
    return false;
  }

  /** Counts one level of brackets or operators; `leave` takes it back. */
  enter(): void {
    if (++this.expressions > this.pass.limits.nesting) this.tooDeep('Expressions nest');
  }

  leave(): void {
    this.expressions--;
  }

  /** Notes the height of a node above its parts; a chain of operators is as deep as it is long. */
  grow(height: number): void {
    this.height = height;
    if (height > this.pass.limits.nesting * HEIGHT_PER_NESTING) this.tooDeep('An expression nests');
  }

  tooDeep(what: string): never {
    const { nesting } = this.pass.limits;
    const expected = `at most ${nesting} levels`;
    return this.pass.abort({
      ...this.here(),
      code: 'limit',
      message: `${what} deeper than the limit of ${nesting} levels.`,
      expected,
      suggestion: 'keep parts in variables of their own',
    });
  }
}
