import type { components } from '@quantum-hub/client';
import { Command, Option } from 'commander';
import { facts, type OutputOptions, printResult } from '../../output.ts';
import { printable, table } from '../../table.ts';
import { wholeNumber } from '../../whole-number.ts';
import { connectHub } from './connect.ts';
import { endedBadly, follow } from './follow-job.ts';
import { idOf } from './named.ts';

type Job = components['schemas']['Job'];

const statuses: readonly Job['status'][] = [
  'created',
  'queued',
  'running',
  'completed',
  'failed',
  'cancelling',
  'cancelled',
];

const jobId = (command: string) => idOf('job', 'jobs list', `npx qhub jobs ${command} --help`);

export function jobsCommand(): Command {
  return new Command('jobs')
    .description('Your jobs on the hub.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(watchCommand())
    .addCommand(cancelCommand())
    .addCommand(retryCommand());
}

type ListOptions = OutputOptions & {
  readonly status?: string;
  readonly device?: string;
  readonly limit?: string;
  readonly cursor?: string;
};

function listCommand(): Command {
  return new Command('list')
    .description('The newest first.')
    .addOption(new Option('--status <status>', 'those that are so only').choices(statuses))
    .option('--device <name>', 'of one device only')
    .option('--limit <number>', 'at most so many; 20 without this option')
    .option('--cursor <cursor>', 'what came after the last list')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npx qhub jobs list\n  npx qhub jobs list --status failed --limit 5 --json',
    )
    .action(async ({ status, device, cursor, limit, ...options }: ListOptions) => {
      const query = {
        limit: wholeNumber(limit, '--limit', { least: 1, help: 'npx qhub jobs list --help' }) ?? 20,
        ...(status !== undefined && { status: status as Job['status'] }),
        ...(device !== undefined && { device }),
        ...(cursor !== undefined && { cursor }),
      };
      const page = await connectHub().ask((api) => api.GET('/v1/jobs', { params: { query } }));
      const rows = page.items.map((job) => [
        job.id,
        job.status,
        job.device,
        timeText(job.createdAt),
        job.name,
      ]);
      const more = page.nextCursor ? `\nmore: npx qhub jobs list --cursor ${page.nextCursor}` : '';
      const text = rows.length > 0 ? table(['id', 'status', 'device', 'made', 'name'], rows) : 'No jobs.';
      printResult(options, page, `${text}${more}`);
    });
}

const timeText = (time: string | undefined) => time?.slice(0, 19).replace('T', ' ') ?? '';

function showCommand(): Command {
  return new Command('show')
    .description('All about a job.')
    .argument('<id>', 'of the job', jobId('show'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub jobs show 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11')
    .action(async (id: string, options: OutputOptions) => {
      const job = await connectHub().ask((api) => api.GET('/v1/jobs/{id}', { params: { path: { id } } }));
      printResult(options, job, jobText(job));
    });
}

function jobText(job: Job): string {
  const { queue, reason, shots, seed, progress } = job;
  return facts([
    ['job', job.id],
    ['name', printable(job.name)],
    [
      'status',
      reason === undefined ? job.status : `${job.status}: ${printable(reason.message)} (${reason.code})`,
    ],
    ['queue', queue && `${queue.position} of ${queue.depth}${queue.exact ? '' : ' or more'}`],
    ['progress', progress === undefined ? undefined : `${Math.floor(progress * 100)} %`],
    ['device', job.device],
    ['program', `${job.program.language}, SHA-256 ${job.program.hash ?? 'unknown'}`],
    ['shots', shots?.toString()],
    ['seed', seed?.toString()],
    ['attempts', `${job.attempts} of at most ${job.maxAttempts}`],
    ['made', timeText(job.createdAt)],
    ['started', job.startedAt && timeText(job.startedAt)],
    ['finished', job.finishedAt && timeText(job.finishedAt)],
  ]);
}

function watchCommand(): Command {
  return new Command('watch')
    .description('See how a job gets on until it is finished.')
    .argument('<id>', 'of the job', jobId('watch'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit code 0 when it is completed, 1 when it failed or was cancelled.\n\nExamples:\n  npx qhub jobs watch 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11',
    )
    .action(async (id: string, options: OutputOptions) => {
      const { kind: _, ...ended } = await follow(connectHub(), id, id, options);
      if (ended.status !== 'completed') throw endedBadly(id, ended);
      printResult(options, { id, ...ended }, `The job is completed: npx qhub results ${id}`);
    });
}

function cancelCommand(): Command {
  return new Command('cancel')
    .description('Stop a job, whether it waits or runs.')
    .argument('<id>', 'of the job', jobId('cancel'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub jobs cancel 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11')
    .action(async (id: string, options: OutputOptions) => {
      const job = await connectHub().ask((api) =>
        api.POST('/v1/jobs/{id}/cancel', { params: { path: { id } } }),
      );
      printResult(options, job, `The job ${id} is ${job.status}.`);
    });
}

function retryCommand(): Command {
  return new Command('retry')
    .description('Run a finished job once more, as a new one.')
    .argument('<id>', 'of the job', jobId('retry'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub jobs retry 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11')
    .action(async (id: string, options: OutputOptions) => {
      const job = await connectHub().ask((api) =>
        api.POST('/v1/jobs/{id}/retry', { params: { path: { id } } }),
      );
      printResult(options, job, `The job ${job.id} was submitted: npx qhub jobs watch ${job.id}`);
    });
}
