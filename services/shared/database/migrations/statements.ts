/** Cuts SQL into statements as PostgreSQL does, so that an error can name its file, line and statement. */

export type Statement = {
  /** Without the comments before it and the semicolon behind it. */
  readonly text: string;
  /** Where it begins in the file: characters from 0, and the line from 1. */
  readonly offset: number;
  readonly line: number;
};

/** A quote, a comment or a parenthesis that never ends. */
export class UnfinishedSql extends Error {
  readonly line: number;

  constructor(what: string, line: number) {
    super(`${what} that begins here has no end`);
    this.line = line;
  }
}

/** Tokens that are not to be looked into, then the characters and words that matter, then any other character. */
const tokens = [
  String.raw`(?<line>--[^\n]*)`,
  String.raw`(?<comment>/\*)`,
  String.raw`(?<escape>\b[eE]'(?:[^'\\]|\\[^]|'')*)(?<escapeEnd>'?)`,
  "(?<quote>'(?:[^']|'')*)(?<quoteEnd>'?)",
  '(?<name>"(?:[^"]|"")*)(?<nameEnd>"?)',
  String.raw`(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)`,
  String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
  String.raw`(?<open>\()|(?<close>\))|(?<end>;)|\S`,
].join('|');

const routine = /^create\s+(or\s+replace\s+)?(function|procedure)\b/i;

type Scan = {
  /** Those that a semicolon ends. */
  readonly statements: readonly Statement[];
  /** Where the text goes on behind the last of these semicolons. */
  readonly restFrom: number;
  /** Where a statement begins in that rest. */
  readonly start: number | undefined;
  /** What has no end, and where it begins. */
  readonly open: { readonly what: string; readonly offset: number } | undefined;
};

/** Throws `UnfinishedSql` where a text ends inside a quote, a comment, parentheses or a routine's body. */
export function splitStatements(sql: string): Statement[] {
  const { statements, start, open } = scanStatements(sql);
  if (open !== undefined) throw new UnfinishedSql(open.what, lineAt(sql, open.offset));
  return start === undefined
    ? [...statements]
    : [...statements, statementAt(sql, start, sql.length, lineAt(sql, start))];
}

/** For a text that is still being typed: the statements that are complete, and the rest behind the last semicolon. */
export function completeStatements(sql: string): {
  readonly statements: readonly string[];
  readonly rest: string;
} {
  const { statements, restFrom } = scanStatements(sql);
  return { statements: statements.map(({ text }) => text), rest: sql.slice(restFrom) };
}

function scanStatements(sql: string): Scan {
  const statements: Statement[] = [];
  const lineOf = lineCounter(sql);
  const scan = new RegExp(tokens, 'g');
  let start: number | undefined;
  let restFrom = 0;
  const depth = { parentheses: 0, blocks: 0 };
  for (let match = scan.exec(sql); match; match = scan.exec(sql)) {
    const found = match.groups ?? {};
    if (found.line !== undefined) continue;
    if (found.comment === undefined && found.end === undefined) start ??= match.index;
    const end = endOfToken(sql, match, scan.lastIndex);
    if (end === undefined) {
      const what = found.comment ? 'the comment' : 'the quoted text';
      return { statements, restFrom, start, open: { what, offset: match.index } };
    }
    scan.lastIndex = end;
    if (found.word && start !== undefined) {
      const step = blockStep(found.word, depth.blocks);
      if (step !== 0 && routine.test(sql.slice(start, match.index))) depth.blocks += step;
    }
    if (found.open) depth.parentheses += 1;
    if (found.close) depth.parentheses = Math.max(0, depth.parentheses - 1);
    if (found.end && depth.parentheses === 0 && depth.blocks === 0) {
      if (start !== undefined) statements.push(statementAt(sql, start, match.index, lineOf(start)));
      start = undefined;
      restFrom = scan.lastIndex;
    }
  }
  const isOpen = start !== undefined && depth.parentheses + depth.blocks > 0;
  return {
    statements,
    restFrom,
    start,
    open: isOpen ? { what: 'the statement', offset: start ?? 0 } : undefined,
  };
}

/** The line, from 1, of a character of a text. */
function lineAt(sql: string, offset: number): number {
  return sql.slice(0, offset).split('\n').length;
}

/** The same for places that come in order, without counting from the start each time: files have millions of characters. */
function lineCounter(sql: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    for (let at = sql.indexOf('\n', counted); at !== -1 && at < offset; at = sql.indexOf('\n', at + 1)) {
      line += 1;
      counted = at + 1;
    }
    return line;
  };
}

function statementAt(sql: string, offset: number, end: number, line: number): Statement {
  return { text: sql.slice(offset, end).trimEnd(), offset, line };
}

/** Where a token ends whose end a regular expression may not find; undefined where it has none. */
function endOfToken(sql: string, { groups = {} }: RegExpExecArray, end: number): number | undefined {
  const { comment, dollar, quote, quoteEnd, name, nameEnd } = groups;
  const isOpen = (groups.escape && !groups.escapeEnd) || (quote && !quoteEnd) || (name && !nameEnd);
  if (isOpen) return undefined;
  if (comment) return endOfComment(sql, end);
  return dollar ? endOfDollars(sql, dollar, end) : end;
}

function endOfDollars(sql: string, tag: string, from: number): number | undefined {
  const end = sql.indexOf(tag, from);
  return end === -1 ? undefined : end + tag.length;
}

/** Comments nest in PostgreSQL. */
function endOfComment(sql: string, from: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 1;
  for (let match = marks.exec(sql); match; match = marks.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

/** In the body `begin atomic ... end` of a routine semicolons do not end the statement. */
function blockStep(word: string, blocks: number): number {
  const lower = word.toLowerCase();
  if (lower === 'begin' || (lower === 'case' && blocks > 0)) return 1;
  return lower === 'end' && blocks > 0 ? -1 : 0;
}

const hiding = new RegExp(
  String.raw`--[^\n]*|/\*[^]*?(?:\*/|$)|\b[eE]'(?:[^'\\]|\\[^]|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?` +
    String.raw`|\$(?<tag>\w*)\$[^]*?(?:\$\k<tag>\$|$)|(?<![\w$])\d[\w.]*`,
  'g',
);

/** A statement for people to recognise: on one line, cut, and with `?` for every value, since values may be secrets. */
export function withoutValues(sql: string, mostCharacters = 160): string {
  const hidden = sql.replace(hiding, (token) => {
    if (token.startsWith('"')) return token;
    return token.startsWith('--') || token.startsWith('/*') ? ' ' : '?';
  });
  const line = hidden.replace(/\s+/g, ' ').trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters - 3)}...` : line;
}
