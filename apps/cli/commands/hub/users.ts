import { allPages, type components, type HubClient } from '@quantum-hub/client';
import { hubError } from '@quantum-hub/kernel';
import { Command, Option } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { table } from '../../table.ts';
import { connectHub } from './connect.ts';
import { isId } from './named.ts';

type User = components['schemas']['User'];
const roles = ['consumer', 'developer', 'provider', 'operator', 'administrator'] as const;
type Role = (typeof roles)[number];

export function usersCommand(): Command {
  return new Command('users')
    .description('All accounts and their roles (administrators).')
    .addCommand(listCommand())
    .addCommand(rolesCommand())
    .addCommand(
      switchCommand('lock', false, 'Switch an account off: its sessions end, its keys are refused.'),
    )
    .addCommand(switchCommand('unlock', true, 'Switch an account on again.'));
}

async function usersOf(hub: HubClient, filter: { username?: string; role?: Role }): Promise<User[]> {
  const users: User[] = [];
  const pages = allPages((cursor) =>
    hub.ask((api) =>
      api.GET('/v1/admin/users', {
        params: { query: { ...filter, ...(cursor !== undefined && { cursor }) } },
      }),
    ),
  );
  for await (const user of pages) users.push(user);
  return users;
}

type ListOptions = OutputOptions & { readonly name?: string; readonly role?: Role };

function listCommand(): Command {
  return new Command('list')
    .description('The newest first.')
    .option('--name <beginning>', 'those whose user name begins so')
    .addOption(new Option('--role <role>', 'those with this role').choices(roles))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub users list\n  npx qhub users list --role operator')
    .action(async ({ name, role, ...options }: ListOptions) => {
      const items = await usersOf(connectHub(), {
        ...(name !== undefined && { username: name }),
        ...(role !== undefined && { role }),
      });
      const rows = items.map((user) => [
        ...[user.username, user.email ?? '', user.roles.join(' '), stateOf(user)],
        ...[user.lastLoginAt?.slice(0, 10) ?? 'never', user.id],
      ]);
      const head = ['user', 'email', 'roles', 'state', 'last sign-in', 'id'];
      printResult(options, { items }, rows.length > 0 ? table(head, rows) : 'No users.');
    });
}

function stateOf({ active, anonymisedAt }: User): string {
  if (anonymisedAt !== null) return 'deleted';
  return active ? 'active' : 'locked';
}

/** The user of this name or id with the state that was read, so that two administrators don't undo each other. */
async function findUser(hub: HubClient, who: string): Promise<{ user: User; etag: string }> {
  const id = isId(who) ? who : await idByName(hub, who);
  const { data, response } = await hub.api.GET('/v1/admin/users/{id}', { params: { path: { id } } });
  return { user: data as User, etag: response.headers.get('etag') ?? '*' };
}

async function idByName(hub: HubClient, name: string): Promise<string> {
  const found = await usersOf(hub, { username: name });
  const user = found.find(({ username }) => username.toLowerCase() === name.toLowerCase());
  if (!user) throw hubError('identity.user_not_found', { user: `"${name}"` });
  return user.id;
}

async function changeUser(
  hub: HubClient,
  { user, etag }: { user: User; etag: string },
  body: { roles?: Role[]; active?: boolean },
): Promise<User> {
  const params = { path: { id: user.id }, header: { 'If-Match': etag } };
  return await hub.ask((api) => api.PATCH('/v1/admin/users/{id}', { params, body }));
}

type RoleOptions = OutputOptions & { readonly add: readonly Role[]; readonly remove: readonly Role[] };

function rolesCommand(): Command {
  const help = 'npx qhub users roles --help';
  const collect = (value: string, before: readonly string[]) => {
    if (roles.some((role) => role === value)) return [...before, value];
    throw usageFault(`the role is "${value}"; expected one of ${roles.join(', ')}`, help);
  };
  return new Command('roles')
    .description('Give and take roles; the sessions of the user end.')
    .argument('<user>', 'user name or id')
    .option('--add <role>', 'may be repeated', collect, [])
    .option('--remove <role>', 'may be repeated', collect, [])
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Roles: ${roles.join(', ')}. Nobody changes their own.

Examples:
  npx qhub users roles ada --add operator
  npx qhub users roles ada --add administrator --remove provider`,
    )
    .action(async (who: string, { add, remove, ...options }: RoleOptions) => {
      if (add.length + remove.length === 0)
        throw usageFault('--add and --remove are missing; expected a role', help);
      const hub = connectHub();
      const found = await findUser(hub, who);
      const wanted = roles.filter(
        (role) => (found.user.roles.includes(role) || add.includes(role)) && !remove.includes(role),
      );
      const user = await changeUser(hub, found, { roles: wanted });
      printResult(options, user, `${user.username} is ${user.roles.join(', ') || 'without a role'}.`);
    });
}

function switchCommand(name: string, active: boolean, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<user>', 'user name or id')
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExamples:\n  npx qhub users ${name} ada`)
    .action(async (who: string, options: OutputOptions) => {
      const hub = connectHub();
      const user = await changeUser(hub, await findUser(hub, who), { active });
      printResult(options, user, `${user.username} is ${stateOf(user)}.`);
    });
}
