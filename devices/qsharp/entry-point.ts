import type { ICompiler, VSDiagnostic } from 'qsharp-lang';
import { configOf } from './compiler.ts';

/** A type of Q# that a value can be given for, and what else there is by its text. */
export type QsharpType =
  | { readonly kind: 'Int' | 'BigInt' | 'Double' | 'Bool' | 'String' | 'Pauli' | 'Result' }
  | { readonly kind: 'array'; readonly element: QsharpType }
  | { readonly kind: 'tuple'; readonly parts: readonly QsharpType[] }
  | { readonly kind: 'other'; readonly text: string };

export type Parameter = { readonly name: string; readonly type: QsharpType; readonly place: Place };
/** Parameters in the form of the declaration: a name, or names in parentheses. */
export type Pattern = Parameter | { readonly parts: readonly Pattern[] };
/** Line and column from 1; length in UTF-16 units. */
type Place = { readonly line: number; readonly column: number; readonly length: number };

export type EntryPoint = {
  /** With its namespace. */
  readonly name: string;
  readonly parameters: Pattern;
};

const SCALARS = new Set(['Int', 'BigInt', 'Double', 'Bool', 'String', 'Pauli', 'Result']);

/** What the QDK says of an entry point with parameters: it is none when a file is run as it stands. */
export function isAboutParameters({ code }: VSDiagnostic): boolean {
  return String(code).endsWith('EntryPoint.Args');
}

/**
 * The entry point whose parameters the QDK complained of. The compiler has no question for a signature; its printed tree has names,
 * types and places, and the place of the complaint says which callable is meant.
 */
export async function entryPointWith(
  compiler: ICompiler,
  source: string,
  { range }: VSDiagnostic,
): Promise<EntryPoint | undefined> {
  const start = byteOffset(source, range.start);
  const lines = (await compiler.getHir(configOf(source))).split('\n');
  const at = lines.findIndex((line) => line.trimStart().startsWith('input: Pat ') && startOf(line) === start);
  const name = quoted(lines[at - 1] ?? '') ?? quoted(lines[at - 2] ?? '');
  const space = lines.slice(0, at).findLast((line) => line.trimStart().startsWith('Namespace ('));
  if (at < 0 || name === undefined || space === undefined) return undefined;
  const path = [...space.matchAll(/"([^"]*)"/g)].map(([, part]) => part);
  return { name: [...path, name].join('.'), parameters: patternAt(lines, at, source) };
}

/** Whether a program without complaints has something to begin with. */
export async function hasEntryPoint(compiler: ICompiler, source: string): Promise<boolean> {
  const tree = await compiler.getHir(configOf(source));
  return /^ +EntryPoint$/m.test(tree) || /^ +name: Ident \d+ \[\d+-\d+\] "Main"$/m.test(tree);
}

/** The pattern in a line of the printed tree, its parts in the lines that are indented by one step more. */
function patternAt(lines: readonly string[], at: number, source: string): Pattern {
  const line = lines[at] as string;
  if (!line.endsWith(': Tuple:')) {
    const [, type = '', name] =
      /\[Type (.*)\]: (?:Bind: Ident \d+ \[\d+-\d+\] "(.*)"|Discard)$/.exec(line) ?? [];
    return { name: name ?? '_', type: typeOf(type), place: placeOf(source, line) };
  }
  const indent = indentOf(line) + 4;
  const parts: Pattern[] = [];
  for (let next = at + 1; next < lines.length && indentOf(lines[next] as string) >= indent; next++) {
    if (indentOf(lines[next] as string) === indent) parts.push(patternAt(lines, next, source));
  }
  return { parts };
}

/** Reads a type as the QDK prints it: `Int`, `Double[][]`, `(Int, (Bool, Pauli[]))`. */
function typeOf(text: string): QsharpType {
  if (text.endsWith('[]')) return { kind: 'array', element: typeOf(text.slice(0, -2)) };
  if (SCALARS.has(text)) return { kind: text as 'Int' };
  const parts = text.startsWith('(') && text.endsWith(')') ? splitTuple(text.slice(1, -1)) : undefined;
  return parts ? { kind: 'tuple', parts: parts.map(typeOf) } : { kind: 'other', text };
}

/** The parts of a tuple; undefined for what only looks like one: a function's type has an arrow. */
function splitTuple(text: string): string[] | undefined {
  if (/[-=]>/.test(text)) return undefined;
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const indentOf = (line: string) => line.length - line.trimStart().length;
const quoted = (line: string) => /name: Ident .* "(.*)"$/.exec(line)?.[1];
const spanOf = (line: string) => /Pat \d+ \[(\d+)-(\d+)\]/.exec(line)?.slice(1).map(Number) ?? [];
const startOf = (line: string) => spanOf(line)[0];

/** The tree counts bytes of UTF-8, complaints count lines and UTF-16 units. */
function byteOffset(source: string, { line, character }: VSDiagnostic['range']['start']): number {
  const before = source.split('\n').slice(0, line).join('\n');
  const whole = line === 0 ? '' : `${before}\n`;
  return Buffer.byteLength(whole + (source.split('\n')[line] ?? '').slice(0, character));
}

function placeOf(source: string, text: string): Place {
  const [start = 0, end = 0] = spanOf(text);
  const bytes = Buffer.from(source);
  const before = bytes.subarray(0, start).toString('utf8').split('\n');
  const length = bytes.subarray(start, end).toString('utf8').length;
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, length: Math.max(1, length) };
}
