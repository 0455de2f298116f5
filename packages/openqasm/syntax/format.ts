import type { Diagnostic, Span } from '../source/diagnostic.ts';
import type { Limits } from '../source/limits.ts';
import type { Comment } from './lexer.ts';
import { parseWithComments } from './parse.ts';
import { Printer, type Trivia } from './printer.ts';

export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/**
 * The program laid out in the canonical way, in its own language: a statement a line, two blanks for each block; comments are kept
 * (those inside of a statement move before it), several empty lines become one. Formatting twice changes nothing more.
 */
export function format(source: string | Uint8Array, limits?: Partial<Limits>): Formatted {
  const { tree, errors, comments, versionLine, source: text } = parseWithComments(source, limits);
  if (errors.length > 0) return { ok: false, errors };
  const trivia = new Comments(text.text, comments);
  const printer = new Printer(tree.version.major, trivia);
  if (versionLine) printVersion(printer, `${tree.version.major}.${tree.version.minor}`, versionLine);
  printer.statements(tree.statements);
  printer.before(text.text.length);
  const lines = printer.lines.join('\n').replace(/^\n+/, '').trimEnd();
  return { ok: true, text: `${lines}\n` };
}

function printVersion(printer: Printer, version: string, span: Span): void {
  printer.before(span.start);
  printer.inside(span.end);
  printer.line(`OPENQASM ${version};`);
  printer.behind(span.end);
}

/** Hands out the comments of a text in their order, and one empty line for each gap. */
class Comments implements Trivia {
  readonly #text: string;
  readonly #comments: readonly Comment[];
  #next = 0;
  /** Up to where the text was printed. */
  #done = 0;

  constructor(text: string, comments: readonly Comment[]) {
    this.#text = text;
    this.#comments = comments;
  }

  before(offset: number): readonly string[] {
    const lines = this.#take(offset);
    if (this.#gap(offset)) lines.push('');
    this.#done = Math.max(this.#done, offset);
    return lines;
  }

  inside(offset: number): readonly string[] {
    return this.#take(offset);
  }

  behind(offset: number): string {
    this.#done = Math.max(this.#done, offset);
    const found: string[] = [];
    for (;;) {
      const comment = this.#comments[this.#next];
      // Only blanks of the same line may stand between.
      if (comment?.start !== this.#afterBlanks(this.#done)) break;
      found.push(this.#textOf(comment));
      this.#done = comment.end;
      this.#next++;
    }
    return found.join(' ');
  }

  #take(offset: number): string[] {
    const lines: string[] = [];
    for (;;) {
      const comment = this.#comments[this.#next];
      if (!comment || comment.start >= offset) return lines;
      if (this.#gap(comment.start)) lines.push('');
      lines.push(this.#textOf(comment));
      this.#done = Math.max(this.#done, comment.end);
      this.#next++;
    }
  }

  #afterBlanks(offset: number): number {
    let at = offset;
    while (this.#text[at] === ' ' || this.#text[at] === '\t') at++;
    return at;
  }

  #gap(offset: number): boolean {
    if (offset <= this.#done) return false;
    const lines = this.#text.slice(this.#done, offset).split(/\r\n|\r|\n/);
    return lines.slice(1, -1).some((line) => line.trim() === '');
  }

  #textOf({ start, end }: Comment): string {
    return this.#text.slice(start, end).trimEnd();
  }
}
