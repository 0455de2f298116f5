import type { SourceText } from '../source/source-text.ts';
import { suggest } from '../source/suggest.ts';
import type { Include, Statement } from './ast.ts';
import { Cursor } from './cursor.ts';
import { K } from './keywords.ts';
import { lex } from './lexer.ts';
import { readStatements } from './parse-block.ts';
import { parseVersion } from './parse-version.ts';

export type Includes = { readonly files: Readonly<Record<string, string>> };

/** The language's own gate files: nodes of the tree, whose gates the checker knows. */
const OWN_FILES = ['stdgates.inc', 'qelib1.inc'];
/** Files within files; more is no program that a person wrote. */
const DEEPEST = 16;

/**
 * Hands `take` what stands in place of an include: itself for the language's own files, the statements of a given file, or
 * nothing and one `include` error at its line. No error shows what a file holds.
 */
export function includeFile(
  node: Include,
  source: SourceText,
  from: Cursor,
  includes: Includes,
  take: (statement: Statement) => void,
  within: readonly string[] = [],
): void {
  const { path } = node;
  if (OWN_FILES.includes(path)) {
    take(node);
    return;
  }
  const fault = faultOf(path, includes, within);
  if (fault) {
    const names = [...OWN_FILES, ...Object.keys(includes.files)];
    from.report(node, 'include', fault, names.map((name) => `"${name}"`).join(' or '), suggest(path, names));
    return;
  }
  const file = source.add(path, includes.files[path] as string);
  chargeBytes(source, from);
  const lexed = lex(file, from.version, from.pass);
  const c = new Cursor(file, lexed.tokens, from.version, from.pass, from.grammar);
  for (const name of from.gatesNamedByKeywords) c.gatesNamedByKeywords.add(name);
  if (c.kind === K.OPENQASM) checkVersion(c);
  readStatements(c, (inner) => {
    if (inner.kind === 'include') includeFile(inner, source, c, includes, take, [...within, path]);
    else take(inner);
  });
  for (const name of c.gatesNamedByKeywords) from.gatesNamedByKeywords.add(name);
}

function faultOf(path: string, includes: Includes, within: readonly string[]): string | undefined {
  const shown = path.length > 80 ? `${path.slice(0, 80)}...` : path;
  if (within.includes(path)) return `The file "${shown}" includes itself.`;
  if (!Object.hasOwn(includes.files, path)) return `The file "${shown}" was not given with the program.`;
  return within.length < DEEPEST ? undefined : `Files include one another more than ${DEEPEST} deep.`;
}

/** All texts together count against the limit of one. */
function chargeBytes(source: SourceText, from: Cursor): void {
  const last = source.files.at(-1);
  const { bytes } = from.pass.limits;
  if (!last || last.base + last.text.length <= bytes) return;
  from.pass.abort({
    ...from.here(),
    code: 'limit',
    message: `The program and what it includes are longer than the limit of ${bytes} bytes.`,
    expected: `at most ${bytes} bytes`,
  });
}

/** An included file may say its version, the same as the program's. */
function checkVersion(c: Cursor): void {
  const { start, end } = c;
  const { major } = parseVersion(c);
  if (major === c.version) return;
  const message = `A file of OpenQASM ${major} is included in a program of OpenQASM ${c.version}.`;
  c.report({ start, end }, 'version', message, `a file of OpenQASM ${c.version}`);
}
