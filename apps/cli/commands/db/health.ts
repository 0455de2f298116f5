import { inspectPlace } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { facts, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';

const examples = `
Asks in this order, and stops at the first fault: does the server answer, are roles and rights
as provisioned, has it every migration of this code, can each service work as its own role?
It asks as the administrator (POSTGRES_ADMIN_USER) and as the application.
Exit code 0 when all is well, 1 when not.

Examples:
  npx qhub db health
  npx qhub db health --json`;

export function healthCommand(): Command {
  return new Command('health')
    .description('Check that the hub can work with its database.')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (options: OutputOptions) => {
      const purpose = 'qhub db health';
      const { checks, place } = await atPlace({ ...options, purpose, mustExist: true }, async (place) => ({
        place: place.describe(),
        checks: await inspectPlace(place, purpose.replaceAll(' ', '-')),
      }));
      const ok = checks.every((check) => check.ok);
      const lines = checks.map((check): [string, string] => [
        `${check.ok ? 'ok    ' : 'FAULT '} ${check.name}`,
        check.detail,
      ]);
      const { host, port, database } = place;
      const heading = `The database "${database}" at ${host}:${port} is ${ok ? 'well' : 'not as it should be'}.`;
      printResult(options, { ok, place, checks }, `${heading}\n${facts(lines)}`);
      if (!ok) throw new SilentExit(exitCodes.failed);
    });
}
