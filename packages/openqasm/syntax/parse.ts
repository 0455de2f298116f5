import { decodeSource } from '../source/decode.ts';
import type { Diagnostic, Span } from '../source/diagnostic.ts';
import type { Limits } from '../source/limits.ts';
import { type SourceFile, SourceText } from '../source/source-text.ts';
import type { Program, Statement } from './ast.ts';
import { Cursor, type Grammar } from './cursor.ts';
import { type Includes, includeFile } from './include.ts';
import { K } from './keywords.ts';
import { type Comment, type Lexed, lex } from './lexer.ts';
import { readStatements } from './parse-block.ts';
import { parseExpression } from './parse-expression.ts';
import { parseStatement } from './parse-statement.ts';
import { parseVersion, VERSION_3 } from './parse-version.ts';
import { ABORTED, Pass } from './pass.ts';

export type ParseOptions = {
  readonly limits?: Partial<Limits>;
  /** Texts of the files that `include` may name, beside `qelib1.inc` and `stdgates.inc`, which stay nodes of the tree. */
  readonly includes?: Readonly<Record<string, string>>;
};

export type Parsed = {
  /** What could be read: with errors, the statements between them. */
  readonly tree: Program;
  /** In the order of the text; none: the program follows the grammar. */
  readonly errors: readonly Diagnostic[];
  /** Turns spans of the tree into lines and columns. */
  readonly source: SourceText;
};

/**
 * Reads OpenQASM 2 or 3.1. Never throws and never reads a file: included texts come from `options.includes` only. A program
 * without an OPENQASM line is read as OpenQASM 2 if it holds `qreg` or `creg` and is one, otherwise as OpenQASM 3.
 */
export function parse(source: string | Uint8Array, options: ParseOptions = {}): Parsed {
  const read = parseKeeping(source, options.limits, { files: options.includes ?? {} });
  return { tree: read.tree, errors: read.errors, source: read.source };
}

/**
 * Takes the statements of a program one by one, included files' among them; false: nothing further is read. Called anew with the
 * version where a text without an OPENQASM line turns out to be of the other one: only what the last one took counts.
 */
export type Taker = (version: 2 | 3) => (statement: Statement) => boolean;

/**
 * `parse` without a tree. A statement that is done with before the next one is read dies young: a collector of garbage moves what
 * lives, and with the whole tree alive 10 MB were read at a third of the speed of 100 kB.
 */
export function parseInto(
  source: string | Uint8Array,
  options: ParseOptions,
  taker: Taker,
): Pick<Parsed, 'errors' | 'source'> {
  return parseKeeping(source, options.limits, { files: options.includes ?? {} }, taker);
}

export type ParsedWithComments = Parsed & {
  readonly comments: readonly Comment[];
  readonly versionLine: Span | undefined;
};

/** `parse` for a formatter: included files stay unread, and comments are kept, by their offsets. */
export function parseWithComments(source: string | Uint8Array, limits?: Partial<Limits>): ParsedWithComments {
  return parseKeeping(source, limits, undefined);
}

function parseKeeping(
  source: string | Uint8Array,
  limits: Partial<Limits> | undefined,
  includes: Includes | undefined,
  taker?: Taker,
): ParsedWithComments {
  const pass = new Pass(limits);
  const { text, finding } = decodeSource(source, pass.limits.bytes);
  const sourceText = new SourceText(text);
  if (finding) pass.findings.add(finding);
  const read = finding
    ? { tree: emptyTree(text), comments: [], versionLine: undefined }
    : parseText(sourceText, pass, { includes, taker });
  return { ...read, errors: pass.findings.diagnostics(sourceText), source: sourceText };
}

const GRAMMAR: Grammar = { statement: parseStatement, expression: parseExpression };

type Read = Pick<ParsedWithComments, 'tree' | 'comments' | 'versionLine'>;

type How = { readonly includes: Includes | undefined; readonly taker: Taker | undefined };

function parseText(source: SourceText, pass: Pass, how: How): Read {
  const file = source.files[0] as SourceFile;
  try {
    const lexed = lex(file, 3, pass);
    if (lexed.tokens.count === 1 && pass.findings.count === 0) reportEmpty(pass);
    const old = lexed.tokens.kinds[0] !== K.OPENQASM && holdsOldRegisters(lexed);
    if (old && pass.findings.count === 0) {
      const attempt = new Pass(pass.limits);
      const sourceOfAttempt = new SourceText(file.text);
      const tree = parseTokens(sourceOfAttempt, lex(file, 2, attempt), attempt, how);
      if (attempt.findings.count === 0) {
        for (const { name, text } of sourceOfAttempt.files.slice(1)) source.add(name as string, text);
        return { tree, comments: lexed.comments, versionLine: undefined };
      }
    }
    const tree = parseTokens(source, lexed, pass, how);
    return {
      tree,
      comments: lexed.comments,
      versionLine: tree.versionGiven ? versionLine(lexed) : undefined,
    };
  } catch (reason) {
    if (reason !== ABORTED) throw reason;
    return { tree: emptyTree(file.text), comments: [], versionLine: undefined };
  }
}

/** The program of one version. What a limit or a wrong version cuts off is left out. */
function parseTokens(source: SourceText, lexed: Lexed, pass: Pass, { includes, taker }: How): Program {
  const file = source.files[0] as SourceFile;
  const c = new Cursor(file, lexed.tokens, lexed.version, pass, GRAMMAR);
  const statements: Statement[] = [];
  const assumed = lexed.version === 2 ? { major: 2 as const, minor: 0 } : VERSION_3;
  let version: Program['version'] | undefined;
  try {
    version = c.kind === K.OPENQASM ? parseVersion(c) : undefined;
    const takes = taker?.((version ?? assumed).major);
    const take = (statement: Statement) => {
      if (takes === undefined) statements.push(statement);
      else if (!takes(statement)) pass.abortReported();
    };
    readStatements(c, (statement) => {
      if (includes && statement.kind === 'include') includeFile(statement, source, c, includes, take);
      else take(statement);
    });
  } catch (reason) {
    if (reason !== ABORTED) throw reason;
  }
  const given = version !== undefined;
  const end = file.text.length;
  return { kind: 'program', start: 0, end, version: version ?? assumed, versionGiven: given, statements };
}

function holdsOldRegisters({ tokens }: Lexed): boolean {
  for (let index = 0; index < tokens.count; index++) {
    const kind = tokens.kinds[index];
    if (kind === K.qreg || kind === K.creg) return true;
  }
  return false;
}

/** `OPENQASM`, the number and `;` are the first three tokens. */
function versionLine({ tokens }: Lexed): Span {
  return { start: tokens.starts[0] as number, end: tokens.ends[2] as number };
}

function reportEmpty(pass: Pass): void {
  const message = 'The source holds no program.';
  pass.findings.add({ start: 0, end: 0, code: 'empty', message, expected: 'a program' });
}

function emptyTree(text: string): Program {
  return {
    kind: 'program',
    start: 0,
    end: text.length,
    version: VERSION_3,
    versionGiven: false,
    statements: [],
  };
}
