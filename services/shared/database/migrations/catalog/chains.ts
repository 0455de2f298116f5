/** A group in parentheses: texts and groups in turn. */
type Piece = string | Group;
type Group = { readonly pieces: readonly Piece[] };

/**
 * The text of an expression with `((a AND b) AND c)` as `(a AND b AND c)`, OR likewise: what `pg_dump` prints is read anew
 * without the inner pair, so a restored database has it so. Other parentheses mean something and stay.
 */
export function withFlatChains(text: string): string {
  if (!text.includes('((')) return text;
  const { group, end } = read(text, 0);
  return end === text.length ? print(flat(group)) : text;
}

/** Strings and quoted names are taken whole, whatever they hold. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^'"()]+/y;

function read(text: string, from: number): { group: Group; end: number } {
  const pieces: Piece[] = [];
  let at = from;
  while (at < text.length) {
    token.lastIndex = at;
    const [part = ''] = token.exec(text) ?? [];
    if (part === '' || part === ')') break;
    at += part.length;
    if (part !== '(') {
      const last = pieces.at(-1);
      if (typeof last === 'string') pieces[pieces.length - 1] = last + part;
      else pieces.push(part);
      continue;
    }
    const inner = read(text, at);
    pieces.push(inner.group);
    // Past its closing parenthesis; without one the text is cut, and its end is not reached.
    at = inner.end + 1;
  }
  return { group: { pieces }, end: at };
}

function flat({ pieces }: Group): Group {
  const inner = pieces.map((piece) => (typeof piece === 'string' ? piece : flat(piece)));
  const joint = jointOf(inner);
  if (joint === undefined) return { pieces: inner };
  return {
    pieces: inner.flatMap((piece) =>
      typeof piece !== 'string' && jointOf(piece.pieces) === joint ? piece.pieces : [piece],
    ),
  };
}

/** ` AND ` or ` OR `, where nothing but groups and that word stand side by side. */
function jointOf(pieces: readonly Piece[]): string | undefined {
  const words = new Set(pieces.filter((piece) => typeof piece === 'string'));
  const [word] = words;
  return words.size === 1 && (word === ' AND ' || word === ' OR ') ? word : undefined;
}

function print({ pieces }: Group): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : `(${print(piece)})`)).join('');
}
