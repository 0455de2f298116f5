import { type SqlToken, sqlTokens } from '../sql-tokens.ts';
import { type Statement, splitStatements, UnfinishedSql } from '../statements.ts';

type ParsedStatement = Statement & {
  readonly tokens: readonly SqlToken[];
  /** Line of its last character, from 1. */
  readonly lastLine: number;
};

/** `-- lint: allow <rule>: <reason>`: holds for the statement it stands in, or for the next one. */
export type Allowance = { readonly line: number; readonly rule: string; readonly reason: string };

export type ParsedFile = {
  readonly name: string;
  readonly text: string;
  readonly statements: readonly ParsedStatement[];
  readonly allowances: readonly Allowance[];
  /** Where a text or comment begins that never ends. */
  readonly unfinished?: { readonly line: number; readonly message: string };
};

/** One SQL file as the rules see it. */
export function parseFile(name: string, text: string): ParsedFile {
  const file = { name, text, allowances: allowancesIn(text) };
  try {
    return { ...file, statements: splitStatements(text).map(withTokens) };
  } catch (error) {
    if (!(error instanceof UnfinishedSql)) throw error;
    return { ...file, statements: [], unfinished: { line: error.line, message: error.message } };
  }
}

function withTokens(statement: Statement): ParsedStatement {
  const lastLine = statement.line + statement.text.split('\n').length - 1;
  return { ...statement, lastLine, tokens: sqlTokens(statement.text) };
}

/** A comment in a string or in the body of a function is none of ours. */
function allowancesIn(text: string): Allowance[] {
  const tokens = sqlTokens(text);
  return [...text.matchAll(/--[ \t]*lint:(?<rest>[^\n]*)/g)]
    .filter(({ index }) => !tokens.some(({ start, end }) => start <= index && index < end))
    .map(({ index, groups }) => {
      const [, rule = '', reason = ''] = /^\s*allow\s+([\w-]+)\s*:?\s*(.*)$/.exec(groups?.rest ?? '') ?? [];
      return { line: text.slice(0, index).split('\n').length, rule, reason: reason.trim() };
    });
}
