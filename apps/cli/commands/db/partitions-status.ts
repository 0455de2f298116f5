import { type PartitionStatus, partitionStatusAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';

const examples = `
Rows are PostgreSQL's estimate, sizes include indexes. Exit code 1 when less than two months are there ahead,
when a month is missing, or when a detaching was cut off: then a sentence says what to do.

Examples:
  npx qhub db partitions status
  npx qhub db partitions status --json     for monitoring`;

export function statusCommand(): Command {
  return new Command('status')
    .description('Show each partition, and whether they are made far enough ahead.')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (options: OutputOptions) => {
      const needs = { ...options, purpose: 'qhub db partitions status', mustExist: true };
      const status = await atPlace(needs, (place) => partitionStatusAt(place, 'qhub-db-partitions'));
      const ok = status.faults.length === 0;
      printResult(options, { ok, ...status }, textOf(status));
      if (!ok) throw new SilentExit(exitCodes.failed);
    });
}

function textOf({ tables, faults }: PartitionStatus): string {
  const blocks = tables.map(({ table, monthsAhead, partitions }) => {
    const width = Math.max(...partitions.map(({ name }) => name.length));
    const lines = partitions.map(
      ({ name, rows, bytes }) =>
        `  ${name.padEnd(width)}  ${rowsText(rows).padStart(16)}  ${sizeText(bytes).padStart(10)}`,
    );
    return `execution.${table}: ${partitions.length} partitions, ${monthsAhead} months ahead\n${lines.join('\n')}`;
  });
  const verdict = faults.length ? faults.map((fault) => `FAULT: ${fault}.`) : ['All is well.'];
  return [...blocks, verdict.join('\n')].join('\n\n');
}

function rowsText(rows: number | undefined): string {
  return rows === undefined ? 'not analyzed' : `~${rows} rows`;
}

function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
