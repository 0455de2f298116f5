/** PostgreSQL's text as tokens: enough to know what is code, and what is only quoted or commented. */

export type SqlToken = {
  /** `word` is a keyword or plain name in lower case; `name` was written in double quotes; `symbol` is one character. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  /** Without the quotes of a string or a name. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

/** The first that fits wins: comments, then what quotes, then words and numbers, then any character. */
const scanner = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*)`,
    String.raw`(?<comment>/\*)`,
    String.raw`(?<escaped>[eE]'(?:[^'\\]|\\[^]|'')*'?)`,
    "(?<string>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'?)",
    '(?<name>(?:[uU]&)?"(?:[^"]|"")*"?)',
    String.raw`(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
    String.raw`(?<number>\d[\d.]*(?:[eE][-+]?\d+)?)`,
    '(?<symbol>[^])',
  ].join('|'),
  'y',
);

/** All tokens; comments and white space are none. What is left open ends with the text. */
export function sqlTokens(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length; ) {
    scanner.lastIndex = at;
    const groups = scanner.exec(text)?.groups ?? {};
    const end = groups.comment
      ? endOfComment(text, scanner.lastIndex)
      : groups.dollar
        ? endOfDollars(text, scanner.lastIndex, groups.dollar)
        : scanner.lastIndex;
    const token = tokenOf(groups, text.slice(at, end));
    if (token) tokens.push({ ...token, start: at, end });
    at = end;
  }
  return tokens;
}

function tokenOf(
  groups: Record<string, string | undefined>,
  text: string,
): Pick<SqlToken, 'kind' | 'text'> | undefined {
  const { escaped, string, name, dollar, word, number, symbol } = groups;
  if (word) return { kind: 'word', text: word.toLowerCase() };
  if (symbol) return { kind: 'symbol', text: symbol };
  if (number) return { kind: 'number', text: number };
  if (name) return { kind: 'name', text: inside(name, '"') };
  if (dollar) return { kind: 'string', text: text.slice(dollar.length, -dollar.length) };
  return string || escaped ? { kind: 'string', text: inside(text, "'") } : undefined;
}

function inside(quoted: string, quote: string): string {
  const body = quoted.slice(quoted.indexOf(quote) + 1);
  return (body.endsWith(quote) ? body.slice(0, -1) : body).replaceAll(quote + quote, quote);
}

/** Comments nest in PostgreSQL. */
function endOfComment(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 1;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function endOfDollars(text: string, from: number, mark: string): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end + mark.length;
}
