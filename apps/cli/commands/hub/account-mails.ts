/** What goes by mail: an address is shown to be yours, a forgotten password is set anew. */
import { Command } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { askPassword, askSecrets } from './ask.ts';
import { connectAnonymously, connectKept } from './connect.ts';

const byMail = `
A hub without a mail server keeps its mails in an outbox: ask an operator, who sees them with npx qhub mail.`;
const byInput =
  'Where nobody can be asked, standard input has it, so that the list of processes shows no secret.';

export function mailedCommands(): readonly Command[] {
  return [verifyCommand(), emailCommand(), forgotCommand(), resetCommand()];
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Confirm your address with the token in the mail.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `\n${byInput}\n${byMail}\n\nExamples:\n  npx qhub account verify\n  echo "$TOKEN" | npx qhub account verify`,
    )
    .action(async (options: OutputOptions) => {
      const token = (await askPassword('Token in the mail', 'npx qhub account verify --help')).trim();
      await connectAnonymously().ask((api) =>
        api.POST('/v1/email-verifications/confirm', { body: { token } }),
      );
      printResult(options, { verified: true }, 'The address is confirmed: you can sign in by it now.');
    });
}

function emailCommand(): Command {
  return new Command('email')
    .description('Have the mail sent again that confirms your address, or one to a new address.')
    .argument('[address]', 'the new one, for which your password is asked; it counts once it is confirmed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `\n${byInput}\n${byMail}\n\nExamples:\n  npx qhub account email\n  npx qhub account email ada@example.org`,
    )
    .action(async (email: string | undefined, options: OutputOptions) => {
      const hub = connectKept();
      const body =
        email === undefined
          ? {}
          : { email, password: await askPassword('Password', 'npx qhub account email --help') };
      await hub.ask((api) => api.POST('/v1/email-verifications', { body }));
      printResult(
        options,
        { sent: true },
        `A mail with a token is on its way${email === undefined ? '' : ` to ${email}`}: npx qhub account verify`,
      );
    });
}

function forgotCommand(): Command {
  return new Command('forgot-password')
    .description('Have a token mailed with which the password can be set anew.')
    .argument('<account>', 'user name, or confirmed address')
    .option('--json', 'print JSON')
    .addHelpText('after', `${byMail}\n\nExamples:\n  npx qhub account forgot-password ada`)
    .action(async (account: string, options: OutputOptions) => {
      await connectAnonymously().ask((api) => api.POST('/v1/password-resets', { body: { account } }));
      printResult(
        options,
        { asked: true },
        `If there is such an account with an address, a mail with a token goes there: npx qhub account reset-password`,
      );
    });
}

function resetCommand(): Command {
  return new Command('reset-password')
    .description('Set a new password with the token in the mail; all sessions end.')
    .option('--revoke-keys', 'end all API keys too: where somebody else may have been in')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Where nobody can be asked, standard input has the token and the new password, a line each.

Examples:
  npx qhub account reset-password
  npx qhub account reset-password --revoke-keys < token-and-password`,
    )
    .action(async ({ revokeKeys, ...options }: OutputOptions & { readonly revokeKeys?: boolean }) => {
      const [token = '', newPassword = ''] = await askSecrets(
        ['Token in the mail', 'New password (12 characters at least)'],
        'npx qhub account reset-password --help',
      );
      const body = { token: token.trim(), newPassword, revokeKeys: revokeKeys === true };
      await connectAnonymously().ask((api) => api.POST('/v1/password-resets/confirm', { body }));
      const keys = revokeKeys ? ' and all keys' : '';
      printResult(
        options,
        { reset: true },
        `The password is set; all sessions${keys} have ended: npx qhub login`,
      );
    });
}
