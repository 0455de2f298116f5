import type { LintFinding } from './finding.ts';
import type { Allowance, ParsedFile } from './parsed-file.ts';

/** Faults of the file as a whole, which no remark beside a statement can answer. */
const notAllowable = [
  'header',
  'unfinished',
  'empty-file',
  'one-statement',
  'syntax-error',
  'hazard-idle',
  'hazard-unnamed',
];

/** Takes out what a comment of the file allows, and finds comments that allow nothing or give no reason. In the order of lines. */
export function applyAllowances(file: ParsedFile, findings: readonly LintFinding[]): LintFinding[] {
  const used = new Set<Allowance>();
  const left = findings.filter((finding) => {
    const allowance = file.allowances.find((one) => covers(file, one, finding));
    if (allowance) used.add(allowance);
    return allowance === undefined;
  });
  const faults = file.allowances.flatMap((one): LintFinding[] => {
    const at = { file: file.name, line: one.line, rule: 'allowance' };
    if (one.rule === '' || one.reason === '') {
      return [{ ...at, message: 'expected `-- lint: allow <rule>: <reason>`, with a reason' }];
    }
    if (used.has(one)) return [];
    const why = notAllowable.includes(one.rule)
      ? `${one.rule} can't be allowed here`
      : `there is no ${one.rule} to allow`;
    return [{ ...at, message: `${why}; take the comment out` }];
  });
  return [...left, ...faults].toSorted((a, b) => a.line - b.line);
}

function covers(
  { statements }: ParsedFile,
  { line, rule, reason }: Allowance,
  finding: LintFinding,
): boolean {
  if (rule !== finding.rule || reason === '' || notAllowable.includes(rule)) return false;
  const statement = statements.find(({ lastLine }) => lastLine >= line);
  return statement !== undefined && statement.line <= finding.line && finding.line <= statement.lastLine;
}
