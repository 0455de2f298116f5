import { lintMigrations } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';

const about = `
Reads the files and opens no connection: squawk's rules, rules of our own (docs/migrations-checks.md), headers
against what the SQL does, and the folder itself. An exception stands above its statement, with a reason:
  -- lint: allow <rule>: <reason>
Exit code 0 when there is nothing to find, 1 when there is.

Examples:
  npx qhub db migration lint
  npx qhub db migration lint --json     { "ok", "files": [...], "findings": [{ "file", "line", "rule", "message" }] }`;

export function lintCommand(): Command {
  return new Command('lint')
    .description('Read the migrations for what may hurt.')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: OutputOptions) => {
      const { files, findings } = await lintMigrations();
      const ok = findings.length === 0;
      const lines = findings.map(({ file, line, rule, message }) => `${file}:${line}: ${rule}: ${message}`);
      const summary = ok
        ? `${counted(files.length, 'file')}, nothing to find.`
        : `${counted(findings.length, 'finding')} in ${counted(files.length, 'file')}.`;
      printResult(options, { ok, files, findings }, [...lines, summary].join('\n'));
      if (!ok) throw new SilentExit(exitCodes.failed);
    });
}
