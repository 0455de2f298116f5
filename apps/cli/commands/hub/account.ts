import { Command } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { mailedCommands } from './account-mails.ts';
import { askPassword, askSecrets, confirmed } from './ask.ts';
import { connectKept } from './connect.ts';
import { forgetCredential, keepCredential } from './credentials.ts';
import { writeDocument } from './write-document.ts';

/** What only a person may do, signed in by a password: a key in `QHUB_API_KEY` is not looked at. */
export function accountCommand(): Command {
  const account = new Command('account').description('Your account: address, password, export, deletion.');
  for (const command of [...mailedCommands(), passwordCommand(), exportCommand(), deleteCommand()])
    account.addCommand(command);
  return account;
}

function passwordCommand(): Command {
  return new Command('password')
    .description('Set a new password; all your other sessions end.')
    .option('--revoke-keys', 'end all API keys too: where somebody else may have been in')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Where nobody can be asked, standard input has the present password and the new one, a line each.

Examples:
  npx qhub account password
  npx qhub account password --revoke-keys`,
    )
    .action(async ({ revokeKeys, ...options }: OutputOptions & { readonly revokeKeys?: boolean }) => {
      const hub = connectKept();
      const { username } = await hub.ask((api) => api.GET('/v1/me'));
      const [currentPassword = '', newPassword = ''] = await askSecrets(
        ['Present password', 'New password (12 characters at least)'],
        'npx qhub account password --help',
      );
      const body = { currentPassword, newPassword, revokeKeys: revokeKeys === true };
      const session = await hub.ask((api) => api.PUT('/v1/me/password', { body }));
      keepCredential(hub.url, { secret: session.token as string, username });
      const keys = revokeKeys ? ', and all keys' : '';
      printResult(
        options,
        { url: hub.url, username, expiresAt: session.expiresAt },
        `The password of ${username} is changed; all other sessions${keys} have ended.`,
      );
    });
}

function exportCommand(): Command {
  return new Command('export')
    .description('Everything that the hub keeps about you, as JSON.')
    .option('-o, --output <file>', 'write it into a file that only you can read')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npx qhub account export -o me.json\n  npx qhub account export | jq .identity.sessions',
    )
    .action(async ({ output, ...options }: OutputOptions & { readonly output?: string }) => {
      const document = await connectKept().ask((api) => api.GET('/v1/me/export'));
      const text = JSON.stringify(document, null, 2);
      if (output === undefined) return printResult(options, document, text);
      const file = writeDocument(output, `${text}\n`, { mode: 0o600 });
      printResult(options, { file }, `Written to ${file}.`);
    });
}

function deleteCommand(): Command {
  const help = 'npx qhub account delete --help';
  return new Command('delete')
    .description('Delete your account for good.')
    .option('--yes', 'without being asked; the password is asked for all the same')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Name, addresses, password, profile, keys, sessions and mails go at once. What you ran and paid stays without a name;
events of the audit log, with former names and addresses of the network, stay for 400 days.

Examples:
  npx qhub account export -o me.json && npx qhub account delete`,
    )
    .action(async ({ yes, ...options }: OutputOptions & { readonly yes?: boolean }) => {
      const hub = connectKept();
      const { username } = await hub.ask((api) => api.GET('/v1/me'));
      const question = `Delete the account ${username} at ${hub.url}? It cannot be taken back.`;
      if (!(await confirmed(question, yes, help))) return;
      const password = await askPassword('Password', help);
      await hub.ask((api) => api.DELETE('/v1/me', { body: { password } }));
      forgetCredential(hub.url);
      printResult(options, { url: hub.url, username, deleted: true }, `The account ${username} is deleted.`);
    });
}
