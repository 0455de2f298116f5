/** Lints the migrations on disk: squawk's rules and ours, headers against what the SQL does, and the folder itself. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isHubError } from '@quantum-hub/kernel';
import { readDownHeader, readUpHeader, type UpHeader } from '../header.ts';
import { applyAllowances } from './allowances.ts';
import type { LintFinding } from './finding.ts';
import { type Add, addHazards, squawkHazards } from './lint-hazards.ts';
import { type ParsedFile, parseFile } from './parsed-file.ts';
import { faultsOf } from './rules.ts';
import { squawk } from './squawk.ts';
import { hasWords, wordsAt } from './words.ts';

export type LintResult = {
  /** Names of the files that were read. */
  readonly files: readonly string[];
  readonly findings: readonly LintFinding[];
};

type Judged = {
  readonly file: ParsedFile;
  readonly up?: UpHeader;
  readonly inTransaction: boolean;
  readonly findings: LintFinding[];
};

const ownFolder = fileURLToPath(new URL('..', import.meta.url));

/** `folder` holds ORDER and `versions/`. Findings come in the order of files and lines. */
export async function lintMigrations(folder: string = ownFolder): Promise<LintResult> {
  const versions = join(folder, 'versions');
  const files = readdirSync(versions)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  const judged = files.map((name) => judge(parseFile(name, readFileSync(join(versions, name), 'utf8'))));
  await addSquawk(versions, judged);
  const findings = judged.flatMap(({ file, findings }) => applyAllowances(file, findings));
  return { files, findings: [...folderFindings(folder, files), ...findings] };
}

function judge(file: ParsedFile): Judged {
  const findings: LintFinding[] = [];
  const add = (line: number, rule: string, message: string) =>
    findings.push({ file: file.name, line, rule, message });
  const { up, transaction } = headerOf(file, add);
  if (file.unfinished) add(file.unfinished.line, 'unfinished', file.unfinished.message);
  else if (file.statements.length === 0)
    add(1, 'empty-file', 'there is no statement; write one, or remove the migration');
  if (transaction === 'none' && file.statements.length > 1) {
    add(
      file.statements[1]?.line ?? 1,
      'one-statement',
      'a file with `Transaction: none` holds exactly one statement; put the others into a migration of their own',
    );
  }
  for (const { tokens, line } of file.statements) {
    if (transaction === 'one' && cannotBeInTransaction(tokens)) {
      add(
        line,
        'needs-no-transaction',
        'PostgreSQL refuses it in a transaction; put it into a migration of its own with `Transaction: none`',
      );
    }
    for (const { rule, message } of faultsOf(tokens)) add(line, rule, message);
  }
  if (up) addHazards(file, up, add);
  return { file, up, inTransaction: transaction === 'one', findings };
}

function cannotBeInTransaction(tokens: ParsedFile['statements'][number]['tokens']): boolean {
  return wordsAt(tokens, 0, 'vacuum') || (!wordsAt(tokens, 0, 'refresh') && hasWords(tokens, 'concurrently'));
}

function headerOf({ name, text }: ParsedFile, add: Add): { up?: UpHeader; transaction: 'one' | 'none' } {
  try {
    if (name.endsWith('.down.sql')) return { transaction: readDownHeader(name, text).transaction };
    const up = readUpHeader(name, text);
    return { up, transaction: up.transaction };
  } catch (error) {
    if (!isHubError(error)) throw error;
    add(1, 'header', error.message);
    return { transaction: 'one' };
  }
}

async function addSquawk(versions: string, judged: readonly Judged[]): Promise<void> {
  const byName = new Map(judged.map((one) => [one.file.name, one]));
  for (const inTransaction of [true, false]) {
    const chosen = judged.filter((one) => one.inTransaction === inTransaction && !one.file.unfinished);
    const paths = chosen.map(({ file }) => join(versions, file.name));
    for (const { file, line, rule, message } of await squawk(paths, inTransaction)) {
      const one = byName.get(basename(file));
      if (one && !isAnswered(one, rule) && !isKnown(one, rule, line))
        one.findings.push({ file: one.file.name, line, rule, message });
    }
  }
}

/** A parser that lost its way reports every token of a line. */
function isKnown({ findings }: Judged, rule: string, line: number): boolean {
  return findings.some((one) => one.rule === rule && one.line === line);
}

/** Hazards are ours to judge: by the header on the way up; on the way down a migration takes back what it made. */
function isAnswered({ file, up, findings }: Judged, rule: string): boolean {
  const answering = squawkHazards(rule);
  if (answering.length === 0) return false;
  if (file.name.endsWith('.down.sql')) return true;
  return (
    answering.some((hazard) => up?.hazards.includes(hazard)) ||
    findings.some((one) => one.rule === 'hazard-unnamed')
  );
}

function folderFindings(folder: string, files: readonly string[]): LintFinding[] {
  const orderFile = join(folder, 'ORDER');
  const order = existsSync(orderFile)
    ? readFileSync(orderFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
  const at = (line: number, rule: string, message: string): LintFinding => ({
    file: 'ORDER',
    line,
    rule,
    message,
  });
  const findings: LintFinding[] = [];
  for (const [index, name] of order.entries()) {
    if (order.indexOf(name) !== index)
      findings.push(at(index + 1, 'order', `${name} stands twice; take one out`));
    for (const way of ['up', 'down']) {
      if (files.includes(`${name}.${way}.sql`)) continue;
      findings.push(
        at(
          index + 1,
          `missing-${way}`,
          `versions/${name}.${way}.sql is missing; write it, or take ${name} out of ORDER`,
        ),
      );
    }
  }
  for (const file of files) {
    const name = /^(\d{8}T\d{6}_[a-z0-9_]+)\.(up|down)\.sql$/.exec(file)?.[1];
    if (name === undefined)
      findings.push({
        file,
        line: 1,
        rule: 'file-name',
        message: 'expected <yyyymmddThhmmss>_<slug>.up.sql or .down.sql',
      });
    else if (!order.includes(name))
      findings.push({
        file,
        line: 1,
        rule: 'order',
        message: `${name} is not in ORDER and would never run; add it at the end`,
      });
  }
  return findings;
}
