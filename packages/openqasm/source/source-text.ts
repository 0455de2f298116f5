import type { Diagnostic, Finding, Span } from './diagnostic.ts';

/** One text: the program (without a name) or an included file. `base` is the offset of its first character. */
export type SourceFile = { readonly name: string | undefined; readonly text: string; readonly base: number };

/**
 * The texts of one program under one count of offsets: the program from 0, then each included file behind the one
 * before. Turns offsets into lines and columns. Lines end with LF, CR LF or CR.
 */
export class SourceText {
  readonly files: readonly SourceFile[];
  readonly #files: SourceFile[] = [];
  readonly #lines = new Map<SourceFile, readonly number[]>();

  constructor(text: string) {
    this.files = this.#files;
    this.#files.push({ name: undefined, text, base: 0 });
  }

  /** The program's own text. */
  get text(): string {
    return this.#files[0]?.text ?? '';
  }

  /** Takes in an included file; its spans begin at the `base` of the answer. */
  add(name: string, text: string): SourceFile {
    const last = this.#files.at(-1) as SourceFile;
    // One offset lies between two files, so that the end of one is not the start of the next.
    const file = { name, text, base: last.base + last.text.length + 1 };
    this.#files.push(file);
    return file;
  }

  /** The finding with its line, column and length. A stretch of several lines is cut at the end of its first one. */
  diagnose(finding: Finding): Diagnostic {
    const { start, end, ...rest } = finding;
    return { ...this.locate({ start, end }), ...rest };
  }

  locate(span: Span): Pick<Diagnostic, 'line' | 'column' | 'length' | 'file'> {
    const file = this.#fileAt(span.start);
    const lines = this.#linesOf(file);
    const offset = Math.min(Math.max(span.start - file.base, 0), file.text.length);
    const line = lineAt(lines, offset);
    const first = lines[line] ?? 0;
    const stop = lineEnd(file.text, first, lines[line + 1] ?? file.text.length);
    // Past the last character of a line there is nothing to underline: tell the last one.
    const from = Math.max(Math.min(offset, stop - 1), first);
    const to = Math.min(Math.max(span.end - file.base, from + 1), stop);
    const place = { line: line + 1, column: from - first + 1, length: to - from };
    return file.name === undefined ? place : { ...place, file: file.name };
  }

  #fileAt(offset: number): SourceFile {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#files[middle] as SourceFile).base <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#files[low] as SourceFile;
  }

  #linesOf(file: SourceFile): readonly number[] {
    let lines = this.#lines.get(file);
    if (!lines) {
      lines = lineStarts(file.text);
      this.#lines.set(file, lines);
    }
    return lines;
  }
}

const LF = 10;
const CR = 13;

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The end of the line's own characters, its line break not among them. */
function lineEnd(text: string, first: number, next: number): number {
  let end = next;
  while (end > first && (text.charCodeAt(end - 1) === LF || text.charCodeAt(end - 1) === CR)) end--;
  return end;
}
