/** What a text of SQL holds: statements that are complete, and the rest behind the last semicolon. */
export interface Split {
  readonly statements: readonly string[];
  readonly rest: string;
}

/** One token that is not to be looked into, or the one character or word that matters. */
const tokens = [
  String.raw`--[^\n]*`,
  String.raw`(?<comment>/\*)`,
  String.raw`(?<escape>\b[eE]'(?:[^'\\]|\\[^]|'')*)(?<escapeEnd>'?)`,
  "(?<quote>'(?:[^']|'')*)(?<quoteEnd>'?)",
  '(?<name>"(?:[^"]|"")*)(?<nameEnd>"?)',
  String.raw`(?<dollar>(?<![\w$])\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)`,
  String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
  String.raw`(?<open>\()|(?<close>\))|(?<end>;)`,
];

const routine = /^(\s|--.*\n|\/\*[\s\S]*?\*\/)*create\s+(or\s+replace\s+)?(function|procedure)\b/i;

/**
 * Cuts SQL at its semicolons as psql does: not inside quotes, dollar quotes, comments, parentheses, or the
 * `begin atomic ... end` of a routine.
 */
export function splitStatements(text: string): Split {
  const statements: string[] = [];
  const scan = new RegExp(tokens.join('|'), 'g');
  let start = 0;
  let parentheses = 0;
  let blocks = 0;
  for (let match = scan.exec(text); match; match = scan.exec(text)) {
    const found = match.groups ?? {};
    if (isOpenEnded(found)) break;
    if (found.comment) {
      const end = endOfComment(text, scan.lastIndex);
      if (end === undefined) break;
      scan.lastIndex = end;
    } else if (found.dollar) {
      const end = text.indexOf(found.dollar, scan.lastIndex);
      if (end === -1) break;
      scan.lastIndex = end + found.dollar.length;
    } else if (found.word) {
      const step = blockStep(found.word, blocks);
      if (step !== 0 && routine.test(text.slice(start, scan.lastIndex))) blocks += step;
    } else if (found.open) parentheses += 1;
    else if (found.close) parentheses = Math.max(0, parentheses - 1);
    else if (found.end && parentheses === 0 && blocks === 0) {
      statements.push(text.slice(start, scan.lastIndex).trim());
      start = scan.lastIndex;
    }
  }
  return { statements: statements.filter((statement) => statement !== ';'), rest: text.slice(start) };
}

function isOpenEnded(found: Record<string, string | undefined>): boolean {
  return (
    (found.escape !== undefined && !found.escapeEnd) ||
    (found.quote !== undefined && !found.quoteEnd) ||
    (found.name !== undefined && !found.nameEnd)
  );
}

/** Comments nest in PostgreSQL. */
function endOfComment(text: string, from: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 1;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

function blockStep(word: string, blocks: number): number {
  const lower = word.toLowerCase();
  if (lower === 'begin' || (lower === 'case' && blocks > 0)) return 1;
  return lower === 'end' && blocks > 0 ? -1 : 0;
}
