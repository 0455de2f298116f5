import { resolve } from 'node:path';
import {
  type DatabaseConfig,
  isMoment,
  readDatabaseConfig,
  restoreBaseBackup,
  swapRestoredAt,
  type Target,
} from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult, progressTo } from '../../output.ts';
import { restoredText } from './backup-pitr-text.ts';

const examples = `
Recovers into a new folder beside the data and tries the server there; the live one is not touched, and need
not be there. With --swap the result then takes the place of the embedded server's data, which are kept.

Examples:
  npx qhub db backup pitr restore                              everything that reached the archive
  npx qhub db backup pitr restore --time '2026-11-22T14:59:00Z'
  npx qhub db backup pitr restore --name 'before the clean-up' --swap
  npx qhub db backup pitr restore --transaction 81234`;

const help = 'npx qhub db backup pitr restore --help';

interface RestoreFlags extends OutputOptions {
  readonly time?: string;
  readonly name?: string;
  readonly transaction?: string;
  readonly backup?: string;
  readonly to?: string;
  readonly swap?: boolean;
  readonly force?: boolean;
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Recover to a moment, into a new folder.')
    .option('--time <moment>', 'the last moment whose commits are wanted, with its zone')
    .option('--name <name>', 'a restore point')
    .option('--transaction <id>', 'the last transaction that is wanted')
    .option('--backup <label>', 'the base backup to start from (default: the newest that fits)')
    .option('--to <folder>', 'a folder that does not exist yet')
    .option('--swap', 'put the result in place of the embedded server’s data')
    .option('--force', 'with --swap: also when the server is in use')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(restore);
}

async function restore(flags: RestoreFlags): Promise<void> {
  const target = targetOf(flags);
  const config = readDatabaseConfig();
  if (flags.swap) requireEmbedded(config);
  const to = flags.to === undefined ? undefined : absolute(flags.to);
  const onProgress = progressTo(flags);
  const restored = await restoreBaseBackup(config, { target, backup: flags.backup, to, onProgress });
  const swapped = flags.swap ? await swapRestoredAt(config, restored.folder, flags) : undefined;
  const next = swapped ? swappedText(swapped) : nextSteps(config, restored.folder, restored.dataDir);
  printResult(flags, { ...restored, swapped: swapped ?? null }, `${restoredText(restored)}\n${next}`);
}

const swapExamples = `
Examples:
  npx qhub db backup pitr swap .quantum-hub/restored-2026-11-22`;

export function swapCommand(): Command {
  return new Command('swap')
    .description('Put a folder that `restore` made in place of the embedded server’s data.')
    .argument('<folder>', 'as `restore` told it')
    .option('--force', 'also when the server is in use: what is open is rolled back')
    .option('--json', 'print JSON')
    .addHelpText('after', swapExamples)
    .action(async (folder: string, flags: OutputOptions & { force?: boolean }) => {
      const config = readDatabaseConfig();
      requireEmbedded(config);
      const swapped = await swapRestoredAt(config, absolute(folder), flags);
      printResult(flags, swapped, swappedText(swapped));
    });
}

function targetOf({ time, name, transaction }: RestoreFlags): Target {
  if ([time, name, transaction].filter((value) => value !== undefined).length > 1) {
    throw usageFault('--time, --name and --transaction exclude each other', help);
  }
  if (time !== undefined) {
    if (isMoment(time)) return { kind: 'time', time };
    throw usageFault(`--time is "${time}"; expected a moment with its zone, as 2026-11-22T14:59:00Z`, help);
  }
  if (transaction !== undefined) {
    if (/^[1-9]\d{0,19}$/.test(transaction)) return { kind: 'transaction', id: transaction };
    throw usageFault(`--transaction is "${transaction}"; expected the number of a transaction`, help);
  }
  return name === undefined ? { kind: 'latest' } : { kind: 'restore-point', name };
}

function requireEmbedded({ kind }: DatabaseConfig): void {
  if (kind === 'embedded') return;
  throw usageFault(
    'only the embedded server’s data can be swapped: leave --swap out, it says how then',
    help,
  );
}

function swappedText({ dataDir, kept }: { dataDir: string; kept: string | undefined }): string {
  return [
    `They are in place at ${dataDir}.${kept ? ` The data of before are kept in ${kept}.` : ''}`,
    'Start the server, then make a new base backup: npx qhub db backup pitr backup',
  ].join('\n');
}

function nextSteps(config: DatabaseConfig, folder: string, dataDir: string): string {
  if (config.kind === 'embedded') {
    return `To put it in place of the live data: npx qhub db backup pitr swap ${folder}`;
  }
  return [
    'To put it in place: stop the server, move its data directory away, move this one there, start the server,',
    `and make a new base backup. The data: ${dataDir}`,
  ].join('\n');
}

function absolute(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
