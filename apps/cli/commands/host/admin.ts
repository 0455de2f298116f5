import { issueAdministratorKey } from '@quantum-hub/identity';
import { Command } from 'commander';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';
import { withDatabase } from './with-database.ts';

export function adminCommand(): Command {
  return new Command('admin')
    .description('For whoever holds the host: a new key for an administrator.')
    .addCommand(keyCommand());
}

type KeyOptions = OutputOptions & { readonly user?: string; readonly revokeOthers?: boolean };

const about = `
It is for a key that was lost, and asks for none: it opens the database with the settings of the hub, as qhub db does.
The key goes to standard output, the rest to standard error. The audit log says that the host made it.

Examples:
  npx qhub admin key
  npx qhub admin key --user ada --revoke-others
  export QHUB_API_KEY=$(npx qhub admin key)`;

function keyCommand(): Command {
  return new Command('key')
    .description('Make a key for an administrator; it is shown once.')
    .option(
      '--user <name>',
      'whose; the oldest administrator without this option, who is made where there is none',
    )
    .option('--revoke-others', 'end all other keys of this administrator: for one that others may have')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async ({ user, revokeOthers, ...options }: KeyOptions) => {
      const made = await atPlace({ ...options, purpose: 'qhub admin key', mustExist: true }, (place) =>
        withDatabase(place, ['identity', 'steward'], () =>
          issueAdministratorKey({ ...(user !== undefined && { username: user }), revokeOthers }),
        ),
      );
      const { username, revoked } = made;
      const key = made.key.reveal();
      if (!options.json) {
        const ended = revoked > 0 ? ` ${counted(revoked, 'other key')} of this account ended.` : '';
        process.stderr.write(`A key of the administrator "${username}", shown only now.${ended}\n`);
      }
      printResult(options, { username, key, revoked }, key);
    });
}
