import { allPages } from '@quantum-hub/client';
import { Command } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { table } from '../../table.ts';
import { connectHub } from './connect.ts';
import { idOf } from './named.ts';

export function sessionsCommand(): Command {
  return new Command('sessions')
    .description('Where you are signed in.')
    .addCommand(listCommand())
    .addCommand(endCommand());
}

const minute = (time: string) => time.slice(0, 16).replace('T', ' ');

function listCommand(): Command {
  return new Command('list')
    .description('Your sessions that are still good, newest first.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub sessions list')
    .action(async (options: OutputOptions) => {
      const hub = connectHub();
      const pages = allPages((cursor) =>
        hub.ask((api) =>
          api.GET('/v1/sessions', { params: { query: cursor === undefined ? {} : { cursor } } }),
        ),
      );
      const items = [];
      for await (const session of pages) items.push(session);
      const rows = items.map(({ id, issuedAt, lastSeenAt, ipAddress, userAgent, current }) => [
        ...[id, minute(issuedAt), minute(lastSeenAt), ipAddress ?? '', userAgent ?? ''],
        current ? 'this one' : '',
      ]);
      const head = ['id', 'since', 'last used', 'from', 'with', ''];
      printResult(options, { items }, rows.length > 0 ? table(head, rows) : 'No sessions.');
    });
}

function endCommand(): Command {
  return new Command('end')
    .description('End one at once.')
    .argument(
      '<id>',
      'of `qhub sessions list`',
      idOf('session', 'sessions list', 'npx qhub sessions end --help'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub sessions end 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11')
    .action(async (id: string, options: OutputOptions) => {
      await connectHub().ask((api) => api.DELETE('/v1/sessions/{id}', { params: { path: { id } } }));
      printResult(options, { id, ended: true }, `The session ${id} has ended.`);
    });
}
