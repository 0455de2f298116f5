import { verifyOnScratch } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { majorOption } from './major-option.ts';

const about = `
Tries every migration on a throw-away server, on tables filled with nulls, limits and every value of a closed
set: up, down, up. After down the schema is the one before, after the second up the first, and rows are what
they were unless the header says \`loses data\`. A database made at once, this one and the models are the same.
Asks no other database. Exit code 0 when all is well, 1 when not.

Examples:
  npx qhub db migration verify
  npx qhub db migration verify --major 17
  npx qhub db migration verify --json   { "ok", "migrations": [{ "name", "rows", "faults", ... }], "faults" }`;

interface VerifyOptions extends OutputOptions {
  readonly major?: string;
}

/** A person reads the first ones; --json has all. */
const mostShown = 20;

export function verifyCommand(): Command {
  return new Command('verify')
    .description('Try every migration up, down and up again on filled tables.')
    .option('--major <n>', 'of the PostgreSQL to try on (default: that of the embedded server)')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: VerifyOptions) => {
      const start = performance.now();
      const major = majorOption(options.major, 'npx qhub db migration verify --help');
      const result = await withProgress(options, (progress) =>
        verifyOnScratch({
          major,
          onStep: progress.step,
          onVerified: ({ name, rows, durationMs, faults }) =>
            progress.line(
              `${faults.length === 0 ? 'ok    ' : 'FAULT '} ${name} (${counted(rows, 'row')}, ${durationMs} ms)`,
            ),
        }),
      );
      const faults = [...result.migrations.flatMap((migration) => migration.faults), ...result.faults];
      const ok = faults.length === 0;
      const more =
        faults.length > mostShown ? [`- and ${faults.length - mostShown} more (--json lists all)`] : [];
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const tried = `${counted(result.migrations.length, 'migration')} tried in ${seconds} s`;
      const summary = ok
        ? `${tried}: each goes up, down and up again.`
        : `${tried}: ${counted(faults.length, 'fault')}.`;
      const lines = [...faults.slice(0, mostShown).map((fault) => `- ${fault}`), ...more, summary];
      printResult(options, { ok, ...result }, lines.join('\n'));
      if (!ok) throw new SilentExit(exitCodes.failed);
    });
}
