import { type BackfillProgress, type BackfillState, runBackfillAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { type Progress, withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';
import { progressText } from './backfill-text.ts';

const about = `
Batches follow the time that they are to take, give way to locks of others, and wait while a replica is
behind or other sessions are at work. Ctrl-C is safe: the batch under way is rolled back.`;

const runExamples = `${about}

Examples:
  npx qhub db backfill run NAME
  npx qhub db backfill run NAME --batch-ms 100 --max-active 5 --json`;

const resumeExamples = `${about}

Examples:
  npx qhub db backfill resume NAME`;

interface RunOptions extends OutputOptions {
  readonly batchMs?: string;
  readonly maxLag?: string;
  readonly maxActive?: string;
}

export function runCommand(): Command {
  return withOptions(new Command('run').description('Run a backfill to its end, or go on where it stopped.'))
    .addHelpText('after', runExamples)
    .action((name: string, options: RunOptions) => run(name, options, { resume: false }));
}

export function resumeCommand(): Command {
  return withOptions(new Command('resume').description('End a pause, and go on.'))
    .addHelpText('after', resumeExamples)
    .action((name: string, options: RunOptions) => run(name, options, { resume: true }));
}

function withOptions(command: Command): Command {
  return command
    .argument('<name>', 'as `list` shows it')
    .option('--batch-ms <ms>', 'how long a batch is to take (default: 50)')
    .option('--max-lag <seconds>', 'wait while a replica is further behind (default: 10)')
    .option('--max-active <n>', 'wait while more other sessions are at work (default: 20)')
    .option('--json', 'print JSON');
}

async function run(name: string, options: RunOptions, { resume }: { resume: boolean }): Promise<void> {
  const command = resume ? 'resume' : 'run';
  const targetBatchMs = numberOf('--batch-ms', options.batchMs, command, 1);
  const maxLagSeconds = numberOf('--max-lag', options.maxLag, command, 0);
  const maxActive = numberOf('--max-active', options.maxActive, command, 0);
  const needs = { ...options, purpose: `qhub db backfill ${command}`, mustExist: true };
  const state = await withProgress(options, (progress) =>
    atPlace(needs, (place) =>
      runBackfillAt(place, 'qhub-db-backfill', name, {
        resume,
        ...(targetBatchMs !== undefined && { targetBatchMs }),
        limits: {
          ...(maxLagSeconds !== undefined && { maxLagSeconds }),
          ...(maxActive !== undefined && { maxActive }),
        },
        onProgress: atMostEverySecond((batch, pace) => tellBatch(progress, batch, pace)),
        onWaiting: (reason) => progress.line(`Waiting: ${reason}.`),
      }),
    ),
  );
  printResult(options, state, endText(state));
}

/** As a bar, as long as it is known how many rows there are. */
function tellBatch(progress: Progress, batch: BackfillState, pace: BackfillProgress): void {
  const { rowsSeen, rowsChanged, rowsEstimate } = batch;
  const changed = `${rowsChanged} changed`;
  const plain = `${rowsSeen} rows passed, ${changed}: ${progressText(pace)}`;
  if (pace.percent === null || rowsEstimate === null) progress.line(plain);
  else progress.step({ done: rowsSeen, total: rowsEstimate, next: changed }, plain);
}

type OnProgress = (state: BackfillState, progress: BackfillProgress) => void;

function atMostEverySecond(tell: OnProgress): OnProgress {
  let last = 0;
  return (state, progress) => {
    const now = performance.now();
    if (now - last < 1000) return;
    last = now;
    tell(state, progress);
  };
}

function endText({ name, status, rowsChanged, rowsSeen }: BackfillState): string {
  const rows = `${rowsChanged} of ${rowsSeen} rows changed`;
  return status === 'paused'
    ? `${name} was paused: ${rows}; resume it to go on.`
    : `${name} is complete: ${rows}.`;
}

function numberOf(
  option: string,
  text: string | undefined,
  command: string,
  least: number,
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text) && Number(text) >= least) return Number(text);
  throw usageFault(
    `${option} is "${text}"; expected a whole number from ${least} to 9999999`,
    `npx qhub db backfill ${command} --help`,
  );
}
