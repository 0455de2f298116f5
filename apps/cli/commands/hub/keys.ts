import { allPages } from '@quantum-hub/client';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { table } from '../../table.ts';
import { wholeNumber } from '../../whole-number.ts';
import { confirmed } from './ask.ts';
import { connectHub } from './connect.ts';
import { idOf } from './named.ts';

/** A hundred years: more is a slip. */
const mostDays = 36_500;
const help = (command: string) => `npx qhub keys ${command} --help`;

export function keysCommand(): Command {
  return new Command('keys')
    .description('API keys: for programs that act for you.')
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(rotateCommand())
    .addCommand(revokeCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('Your keys, newest first; never the keys themselves.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub keys list')
    .action(async (options: OutputOptions) => {
      const keys = await ownKeys();
      const rows = keys.map((key) => [
        key.id,
        key.prefix,
        key.name,
        key.status,
        key.scopes.join(' '),
        key.expiresAt?.slice(0, 10) ?? 'never',
        key.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never',
      ]);
      const head = ['id', 'begins with', 'name', 'status', 'scopes', 'expires', 'last used'];
      printResult(options, { items: keys }, rows.length > 0 ? table(head, rows) : 'You have no keys.');
    });
}

async function ownKeys() {
  const hub = connectHub();
  const keys = [];
  const pages = allPages((cursor) =>
    hub.ask((api) => api.GET('/v1/keys', { params: { query: cursor === undefined ? {} : { cursor } } })),
  );
  for await (const key of pages) keys.push(key);
  return keys;
}

type CreateOptions = OutputOptions & { readonly scope: readonly string[]; readonly days?: string };

function createCommand(): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return new Command('create')
    .description('Make a key; it is shown once.')
    .argument('<name>', 'what you call it')
    .option(
      '--scope <scope>',
      'what it may do; may be repeated (execution:read and execution:write without one)',
      collect,
      [],
    )
    .option('--days <number>', 'after so many days it is refused; it stays good without this option')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Scopes: identity, development, marketplace and execution, each with :read and :write; hub:operate for operators.

Examples:
  npx qhub keys create laptop
  npx qhub keys create dashboard --scope execution:read --days 90`,
    )
    .action(async (name: string, { scope, days, ...options }: CreateOptions) => {
      const scopes = scope.length > 0 ? [...scope] : ['execution:read', 'execution:write'];
      const body = { name, scopes: scopes as never[], expiresAt: inDays(days) };
      const made = await connectHub().ask((api) => api.POST('/v1/keys', { body }));
      printResult(options, made, shownOnce(made.key, made.name));
    });
}

function inDays(text: string | undefined): string | null {
  const days = wholeNumber(text, '--days', { least: 1, help: help('create') });
  if (days === undefined) return null;
  if (days > mostDays) {
    throw usageFault(
      `--days is "${text}"; expected at most ${mostDays}, or none for a key that stays`,
      help('create'),
    );
  }
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

function shownOnce(key: string, name: string): string {
  return `${key}\nThis is the key "${name}". It is shown only now: keep it where secrets are kept, and use it as QHUB_API_KEY.`;
}

function rotateCommand(): Command {
  return new Command('rotate')
    .description('Make a new key in the place of one, which goes on for a while.')
    .argument('<id>', 'of `qhub keys list`', idOf('key', 'keys list', help('rotate')))
    .option('--overlap <seconds>', 'how long the old key goes on; a day without this option')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npx qhub keys rotate 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11 --overlap 600',
    )
    .action(async (id: string, { overlap, ...options }: OutputOptions & { readonly overlap?: string }) => {
      const overlapSeconds = wholeNumber(overlap, '--overlap', { least: 0, help: help('rotate') });
      const body = overlapSeconds === undefined ? {} : { overlapSeconds };
      const made = await connectHub().ask((api) =>
        api.POST('/v1/keys/{id}/rotate', { params: { path: { id } }, body }),
      );
      printResult(options, made, shownOnce(made.key, made.name));
    });
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('End a key at once.')
    .argument('<id>', 'of `qhub keys list`', idOf('key', 'keys list', help('revoke')))
    .option('--yes', 'without being asked')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub keys revoke 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11 --yes')
    .action(async (id: string, { yes, ...options }: OutputOptions & { readonly yes?: boolean }) => {
      if (!(await confirmed(`End the key ${id}? What uses it is refused from then on.`, yes, help('revoke'))))
        return;
      await connectHub().ask((api) => api.DELETE('/v1/keys/{id}', { params: { path: { id } } }));
      printResult(options, { id, revoked: true }, `The key ${id} is revoked.`);
    });
}
