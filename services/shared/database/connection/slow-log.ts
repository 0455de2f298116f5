/** One statement that took longer than the threshold. `sql` has no values in it. */
export interface SlowStatement {
  readonly sql: string;
  readonly durationMs: number;
  readonly role: string;
}

export interface SlowLog {
  readonly thresholdMs: number;
  readonly log: (statement: SlowStatement) => void;
}

const longest = 1000;
/** Of a statement with megabytes of values only this much is looked at. */
const looked = 20_000;

/**
 * Quoted names (kept), then strings (plain, E'', dollar-quoted), comments and numbers. An unfinished string reaches to
 * the end: better too much removed than a value shown. Parameters ($1) and digits in names stay.
 */
const tokens =
  /("(?:[^"]|"")*(?:"|$))|\bE'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\2\$|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<![\w$])\d[\d.]*(?:e[+-]?\d+)?\b/gi;

/** The statement with every literal replaced by `?`, on one line and cut at 1000 characters. */
export function fingerprint(sql: string): string {
  const bare = sql.slice(0, looked).replace(tokens, (_, name: string | undefined) => name ?? '?');
  const line = bare.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}...` : line;
}
