import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onStopSignal } from '@quantum-hub/kernel';
import { Command } from 'commander';
import { SilentExit } from '../faults.ts';

/** The command line starts the hub as a program of its own and does not import it: apps stand beside each other. */
const hub = join(import.meta.dirname, '../../hub/start.js');

/**
 * `qhub serve`: the hub, or one role of it, in the foreground. All that follows is the hub's to read, `--help` too; its
 * exit code is ours.
 */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run the hub, or one part of it: --role api, worker or scheduler.')
    .argument('[options...]')
    .helpOption(false)
    .allowUnknownOption()
    .addHelpText('after', '\nExamples:\n  npx qhub serve\n  npx qhub serve --role worker')
    .action(async (options: readonly string[]) => {
      const child = spawn(process.execPath, [hub, ...options], { stdio: 'inherit' });
      // A terminal's Ctrl-C reaches both; what only reaches us is passed on, and the hub takes the two for one.
      using _signals = onStopSignal(
        (signal) => child.kill(signal),
        (signal) => child.kill(signal),
      );
      const [code] = await once(child, 'close');
      if (code !== 0) throw new SilentExit(code ?? 130);
    });
}
