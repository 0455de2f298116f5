import { reportFault } from './faults.ts';
import { program } from './program.ts';

/**
 * Runs the command line and sets the exit code: 0 done, 1 failed, 2 called in a way that it does not know, 130 interrupted.
 *
 * @param args what stands after `qhub`
 */
export async function main(args: readonly string[]): Promise<void> {
  // A reader such as `head` that has seen enough is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    await (await program(args)).parseAsync(args, { from: 'user' });
  } catch (error) {
    const end = args.indexOf('--');
    const json = args.slice(0, end === -1 ? undefined : end).includes('--json');
    process.exitCode = reportFault(error, { json });
    // What was interrupted may still hold connections that would keep the process alive.
    if (process.exitCode === 130) process.exit();
  }
}
