import { Command } from 'commander';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { printable } from '../../table.ts';
import { connectHub } from './connect.ts';

export function mailCommand(): Command {
  return new Command('mail')
    .description('The outbox: mails that a hub without a mail server could not send (operators).')
    .option('--all', 'those that were sent, too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub mail\n  npx qhub mail --all --json')
    .action(async ({ all, ...options }: OutputOptions & { readonly all?: boolean }) => {
      const query = { unsent: all ? ('false' as const) : ('true' as const) };
      const page = await connectHub().ask((api) =>
        api.GET('/v1/admin/mails', { params: { query: query as never } }),
      );
      const mails = page.items.map(mailText);
      printResult(options, page, mails.length > 0 ? mails.join('\n\n') : 'The outbox is empty.');
    });
}

/** Line by line, because a mail's own line breaks are meant. */
function mailText(mail: {
  text?: string | null;
  template: string;
  createdAt: string;
  sentAt?: string | null;
  attempts: number;
  lastError?: string | null;
}): string {
  const { template, createdAt, sentAt, attempts, lastError, text } = mail;
  const failure = lastError ? ` (tried ${counted(attempts, 'time')}: ${printable(lastError)})` : '';
  const state = sentAt ? `sent ${sentAt.slice(0, 16).replace('T', ' ')}` : `not sent${failure}`;
  const body = (text ?? '(not to be shown)').split('\n').map((line) => `  ${printable(line)}`);
  return [`${createdAt.slice(0, 16).replace('T', ' ')}  ${template}, ${state}`, ...body].join('\n');
}
