import { hubError } from '@quantum-hub/kernel';
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
    if (error.code === 'EPIPE') process.exit(0);
    const reason = error.code === 'ENOSPC' ? 'no space is left' : error.message;
    process.exit(reportFault(hubError('kernel.output_unwritable', { reason }), { json: wantsJson(args) }));
  });
  try {
    await (await program(args)).parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = reportFault(error, { json: wantsJson(args) });
    // What was interrupted may still hold connections that would keep the process alive.
    if (process.exitCode === 130) process.exit();
  }
}

/** Also for faults that come before the arguments were read, or after. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}
