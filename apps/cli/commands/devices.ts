import { Command } from 'commander';
import { type OutputOptions, progressTo } from '../output.ts';
import { connectIfSignedIn } from './hub/connect.ts';
import { hubDeviceCommands, printHubDevices } from './hub/devices.ts';

/** Those of this machine need no hub; those of the hub need no simulator, whose code is loaded when it is asked for. */
export async function devicesCommand(): Promise<Command> {
  const { verifyCommand } = await import('./programs/devices.ts');
  const devices = new Command('devices')
    .description('The devices of the hub, and the simulators of this machine.')
    .addCommand(listCommand());
  for (const command of hubDeviceCommands()) devices.addCommand(command);
  return devices.addCommand(verifyCommand());
}

const aboutList = `
Those of the hub that you are signed in to (or that QHUB_API_KEY is for), with their queues; with --local, or where
nobody is signed in, the simulators of this machine. Standard error says which.

Examples:
  npx qhub devices list
  npx qhub devices list --local --json     whole profiles`;

function listCommand(): Command {
  return new Command('list')
    .description('Names, and what each can do.')
    .option('--local', 'the simulators of this machine')
    .option('--json', 'print JSON')
    .addHelpText('after', aboutList)
    .action(async ({ local, ...options }: OutputOptions & { readonly local?: boolean }) => {
      const say = progressTo(options);
      const hub = local ? undefined : connectIfSignedIn();
      if (hub !== undefined) {
        say(`Devices of ${hub.url}:`);
        return await printHubDevices(hub, options);
      }
      const why = local ? '' : ' (nobody is signed in to a hub)';
      say(`Simulators of this machine${why}:`);
      const { printLocalDevices } = await import('./programs/devices.ts');
      await printLocalDevices(options);
    });
}
