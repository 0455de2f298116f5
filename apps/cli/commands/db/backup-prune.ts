import { openStore, type PrunedBackups, pruneBackupsAt, readRetention } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { counted, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';
import { type BackupOptions, configOf, sizeText, withPlace } from './backup-options.ts';

const about = `
Keeps the newest ones, and the newest one of each day, week and month (UTC), of each database by itself; removes the
others. The newest one and the newest verified one stay whatever the numbers are. Damaged ones are left alone, and
count for nothing. Whatever was cut off before (drafts, half removals) is cleared away.

Examples:
  npx qhub db backup prune --dry-run
  npx qhub db backup prune --keep-last 3 --keep-daily 7 --keep-weekly 4 --keep-monthly 12
  npx qhub db backup prune --json       { "place", "dryRun", "kept": { NAME: [why] }, "removed", "damaged", "freedBytes" }`;

interface PruneOptions extends BackupOptions {
  readonly keepLast?: string;
  readonly keepDaily?: string;
  readonly keepWeekly?: string;
  readonly keepMonthly?: string;
  readonly dryRun?: boolean;
}

export function pruneCommand(): Command {
  return withPlace(new Command('prune').description('Remove backups that are no longer needed.'))
    .option('--keep-last <n>', 'how many of the newest stay (QHUB_BACKUP_KEEP_LAST)')
    .option('--keep-daily <n>', 'of how many days one stays (QHUB_BACKUP_KEEP_DAILY)')
    .option('--keep-weekly <n>', 'of how many weeks (QHUB_BACKUP_KEEP_WEEKLY)')
    .option('--keep-monthly <n>', 'of how many months (QHUB_BACKUP_KEEP_MONTHLY)')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(prune);
}

async function prune(options: PruneOptions): Promise<void> {
  const { keepLast: last, keepDaily: daily, keepWeekly: weekly, keepMonthly: monthly } = options;
  const retention = readRetention({ last, daily, weekly, monthly });
  const store = await openStore(configOf(options).place);
  const dryRun = options.dryRun === true;
  const needs = { ...options, purpose: 'qhub db backup prune', mustExist: true, cleansUp: true };
  const pruned = await withProgress(options, ({ line, step }) =>
    atPlace(needs, (place, signal) =>
      pruneBackupsAt(place, store, retention, {
        dryRun,
        signal,
        onNote: line,
        onRemoved: (next, done, total) => step({ done, total, next }),
      }),
    ),
  );
  const kept = Object.fromEntries(pruned.kept);
  printResult(options, { place: store.place, dryRun, ...pruned, kept }, textOf(pruned, dryRun));
}

function textOf({ kept, removed, damaged, freedBytes }: PrunedBackups, dryRun: boolean): string {
  const done = dryRun ? 'would be removed' : 'removed';
  return [
    ...[...kept].map(([name, reasons]) => `  ${name}  kept: ${reasons.join(', ')}`),
    ...damaged.map((name) => `  ${name}  damaged, left alone`),
    ...removed.map((name) => `  ${name}  ${done}`),
    `${counted(removed.length, 'backup')} ${done}, ${sizeText(freedBytes)}; ${counted(kept.size, 'backup')} kept.`,
  ].join('\n');
}
