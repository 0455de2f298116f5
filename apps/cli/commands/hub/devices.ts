import type { components, HubClient } from '@quantum-hub/client';
import { Command } from 'commander';
import { facts, type OutputOptions, printResult } from '../../output.ts';
import { table } from '../../table.ts';
import { wholeNumber } from '../../whole-number.ts';
import { connectHub } from './connect.ts';
import { deviceOf } from './named.ts';

type Device = components['schemas']['Device'];

/** The devices of the hub: `show`, `enable`, `disable`, `events`. */
export function hubDeviceCommands(): readonly Command[] {
  return [
    showCommand(),
    switchCommand('enable', 'online', 'Let a device take jobs (operators).'),
    switchCommand('disable', 'offline', 'Let running jobs finish and others wait (operators).'),
    eventsCommand(),
  ];
}

/** Jobs name a device by platform and name. */
function pathOf(address: string) {
  const [platform = '', ...name] = address.split('/');
  return { platform, name: name.join('/') };
}

/** The devices of the hub with their queues. */
export async function printHubDevices(hub: HubClient, options: OutputOptions): Promise<void> {
  const { items } = await hub.ask((api) => api.GET('/v1/devices'));
  const rows = items.map(({ name, status, qubits, slots, queue }) => [
    ...[name, status, String(qubits), `${queue.running} of ${slots}`],
    String(queue.depth),
  ]);
  printResult(options, { items }, table(['device', 'status', 'qubits', 'running', 'waiting'], rows));
}

function showCommand(): Command {
  return new Command('show')
    .description('What a device of the hub can do, and how long its queue is.')
    .argument('<device>', 'such as local/statevector', deviceOf('npx qhub devices show --help'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub devices show local/statevector')
    .action(async (address: string, options: OutputOptions) => {
      const path = pathOf(address);
      const device = await connectHub().ask((api) =>
        api.GET('/v1/devices/{platform}/{name}', { params: { path } }),
      );
      printResult(options, device, deviceText(device));
    });
}

function deviceText({ name, status, qubits, maximumShots, slots, queue, profile }: Device): string {
  const wait = queue.averageWaitSeconds;
  const known = facts([
    ['status', status],
    ['qubits', `up to ${qubits}`],
    ['shots', `up to ${maximumShots}`],
    ['running', `${queue.running} of ${slots} at once`],
    [
      'waiting',
      `${queue.depth}${wait === null ? '' : `, of late for ${wait.toFixed(1)} s`}${queue.depth === 0 ? '' : `, the first for ${queue.oldestSeconds.toFixed(0)} s`}`,
    ],
    ['languages', profile?.languages.join(', ')],
    ['requests', profile?.requests.join(', ')],
    ['refuses', profile ? Object.keys(profile.refuses).join(', ') || 'nothing' : undefined],
  ]);
  return `${name}: ${profile?.description ?? 'no adapter of this hub knows it any more'}\n${known}`;
}

function switchCommand(name: string, status: Device['status'], description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<device>', 'such as local/statevector', deviceOf(`npx qhub devices ${name} --help`))
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExamples:\n  npx qhub devices ${name} local/statevector`)
    .action(async (address: string, options: OutputOptions) => {
      const path = pathOf(address);
      const device = await connectHub().ask((api) =>
        api.PATCH('/v1/devices/{platform}/{name}', { params: { path }, body: { status } }),
      );
      printResult(options, device, `${device.name} is ${device.status}.`);
    });
}

type EventsOptions = OutputOptions & { readonly limit?: string; readonly cursor?: string };

function eventsCommand(): Command {
  const help = 'npx qhub devices events --help';
  return new Command('events')
    .description('Who switched a device, from what to what; newest first (operators).')
    .argument('<device>', 'such as local/statevector', deviceOf(help))
    .option('--limit <number>', 'at most so many; 20 without this option')
    .option('--cursor <cursor>', 'what came after the last list')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npx qhub devices events local/statevector\n  npx qhub devices events local/noisy --limit 100 --json',
    )
    .action(async (address: string, { limit, cursor, ...options }: EventsOptions) => {
      const query = {
        limit: wholeNumber(limit, '--limit', { least: 1, help }) ?? 20,
        ...(cursor !== undefined && { cursor }),
      };
      const params = { path: pathOf(address), query };
      const page = await connectHub().ask((api) =>
        api.GET('/v1/devices/{platform}/{name}/events', { params }),
      );
      const rows = page.items.map(({ at, from, to, actorId, credentialId }) => {
        const time = at.slice(0, 19).replace('T', ' ');
        return [time, `${from} -> ${to}`, actorId, credentialId];
      });
      const head = ['time (UTC)', 'switched', 'account', 'session or key'];
      const text = rows.length > 0 ? table(head, rows) : `Nobody has switched ${address} yet.`;
      const more = page.nextCursor
        ? `\nmore: npx qhub devices events ${address} --cursor ${page.nextCursor}`
        : '';
      printResult(options, page, `${text}${more}`);
    });
}
