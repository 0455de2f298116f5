import { Command } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { table } from '../../table.ts';
import { wholeNumber } from '../../whole-number.ts';
import { connectHub } from './connect.ts';

type AuditOptions = OutputOptions & {
  readonly everybody?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
};

export function auditCommand(): Command {
  return new Command('audit')
    .description('What was done to your account, by whom and from where; newest first.')
    .option('--everybody', 'to all accounts (administrators)')
    .option('--limit <number>', 'at most so many; 20 without this option')
    .option('--cursor <cursor>', 'what came after the last list')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub audit\n  npx qhub audit --everybody --limit 100 --json')
    .action(async ({ everybody, limit, cursor, ...options }: AuditOptions) => {
      const query = {
        limit: wholeNumber(limit, '--limit', { least: 1, help: 'npx qhub audit --help' }) ?? 20,
        ...(everybody && { everybody: 'true' as const }),
        ...(cursor !== undefined && { cursor }),
      };
      const page = await connectHub().ask((api) => api.GET('/v1/audit-events', { params: { query } }));
      const rows = page.items.map((event) => [
        event.occurredAt.slice(0, 19).replace('T', ' '),
        event.outcome === 'success' ? event.action : `${event.action} (${event.outcome})`,
        event.ipAddress ?? 'the host',
        ...(everybody ? [event.userId ?? 'nobody'] : []),
        Object.entries(event.details)
          .map(([name, value]) => `${name}: ${value}`)
          .join(', '),
      ]);
      const head = ['time (UTC)', 'what', 'from', ...(everybody ? ['account'] : []), 'details'];
      const more = page.nextCursor ? `\nmore: npx qhub audit --cursor ${page.nextCursor}` : '';
      const text = rows.length > 0 ? table(head, rows) : 'No events.';
      printResult(options, page, `${text}${more}`);
    });
}
