/** squawk-cli, the linter of PostgreSQL migrations, run once for each transaction mode. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { hubError } from '@quantum-hub/kernel';

export type SquawkFinding = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
};

type Reported = { file: string; line: number; rule_name: string; message: string; help: string | null };

/**
 * Left out: timeouts, because the runner sets them; `if exists` everywhere, because a migration is one transaction or
 * taken up again; wider integers, because CHECKs bound ours; a column that may be null, which `Breaking` tells; `set not
 * null`, which hazards.ts judges, and not on tables that the same file makes.
 */
const excluded = [
  'require-lock-timeout',
  'require-statement-timeout',
  'require-timeout-settings',
  'prefer-robust-stmts',
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'ban-drop-not-null',
  'adding-not-nullable-field',
];
/** Opt-in at squawk. A name without its schema depends on a search_path that the runner does not promise. */
const included = ['require-table-schema'];

/** What squawk finds in these files; lines count from 1. */
export async function squawk(paths: readonly string[], inTransaction: boolean): Promise<SquawkFinding[]> {
  if (paths.length === 0) return [];
  const program = fileURLToPath(import.meta.resolve('squawk-cli/js/bin/squawk'));
  const args = [
    ...['--reporter', 'json', '--pg-version', '14'],
    ...['--exclude', excluded.join(','), '--include', included.join(',')],
    inTransaction ? '--assume-in-transaction' : '--no-assume-in-transaction',
  ];
  const child = spawn(process.execPath, [program, ...args, ...paths], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  // 0 without findings, 1 with some; anything else means that it did not run.
  if ((code !== 0 && code !== 1) || !stdout.trimStart().startsWith('[')) {
    throw hubError('database.lint_unavailable', {
      reason: stderr.trim() || `it ended with exit code ${code}`,
    });
  }
  return (JSON.parse(stdout) as Reported[]).map(({ file, line, rule_name, message, help }) => ({
    file,
    line: line + 1,
    rule: rule_name,
    message: help ? `${message}. ${help}` : message,
  }));
}
