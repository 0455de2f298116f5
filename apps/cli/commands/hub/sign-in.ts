import type { HubClient } from '@quantum-hub/client';
import { Command } from 'commander';
import { facts, type OutputOptions, printResult } from '../../output.ts';
import { printable } from '../../table.ts';
import { askPassword, askText } from './ask.ts';
import { connectAnonymously, connectHub, connectKept } from './connect.ts';
import { credentialsPath, forgetCredential, keepCredential, keptCredential } from './credentials.ts';

const where = `
The hub is that of QHUB_URL, else the one of the last sign-in, else http://127.0.0.1:8080. Where nobody can be asked the
password is the first line of standard input. What signs you in is kept for you alone in
${credentialsPath()};
QHUB_API_KEY goes before it. One account a hub is kept: signing in as another ends the session of the first. For two at a
time, give each shell an XDG_CONFIG_HOME of its own.`;

type SignUpOptions = OutputOptions & {
  readonly username?: string;
  readonly email?: string;
  readonly name?: string;
};

export function signUpCommand(): Command {
  return new Command('signup')
    .description('Make an account on a hub, and sign in to it.')
    .option('--username <name>', 'letters, digits, . _ -')
    .option('--email <address>', 'where mail goes to')
    .option('--name <full name>', 'as you write it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${where}

Examples:
  npx qhub signup
  echo "$PASSWORD" | npx qhub signup --username ada --email ada@example.org`,
    )
    .action(async (options: SignUpOptions) => {
      const help = 'npx qhub signup --help';
      const username = options.username ?? (await askText('User name', '--username', help));
      const email = options.email ?? (await askText('E-mail address', '--email', help));
      const password = await askPassword('Password (12 characters at least)', help);
      const hub = connectAnonymously();
      const body = {
        username,
        email,
        password,
        ...(options.name !== undefined && { fullName: options.name }),
      };
      await hub.ask((api) => api.POST('/v1/signup', { body }));
      await signIn(hub, username, password, options);
    });
}

export function loginCommand(): Command {
  return new Command('login')
    .description('Sign in to a hub.')
    .option('--username <name>', 'user name, or confirmed address')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${where}

Examples:
  npx qhub login
  QHUB_URL=https://hub.example.org npx qhub login --username ada < password-file`,
    )
    .action(async (options: OutputOptions & { readonly username?: string }) => {
      const help = 'npx qhub login --help';
      const username = options.username ?? (await askText('User name', '--username', help));
      await signIn(connectAnonymously(), username, await askPassword('Password', help), options);
    });
}

async function signIn(
  hub: HubClient,
  account: string,
  password: string,
  options: OutputOptions,
): Promise<void> {
  const session = await hub.ask((api) => api.POST('/v1/sessions', { body: { account, password } }));
  const { username } = session.account;
  const former = await endKept(hub.url);
  keepCredential(hub.url, { secret: session.token as string, username });
  const { expiresAt } = session;
  printResult(
    options,
    { url: hub.url, username, expiresAt },
    `Signed in to ${hub.url} as ${username}, until ${expiresAt.slice(0, 10)} at most.${former === undefined || former === username ? '' : `\nThe session of ${former} has ended.`}${overruled()}`,
  );
}

/** Ends the session that was kept here, which nobody could use or end by this file any more; gives whose it was. */
async function endKept(url: string): Promise<string | undefined> {
  const kept = keptCredential(url);
  if (kept === undefined) return undefined;
  try {
    await connectKept().ask((api) => api.DELETE('/v1/sessions/current'));
    return kept.username;
  } catch (error) {
    // It had ended already, or ends by itself: whoever signs in now must not be kept out by that.
    if ((error as Error).name !== 'HubProblem') throw error;
    return undefined;
  }
}

/** Who signs in and goes on as somebody else should know why. */
function overruled(): string {
  return process.env.QHUB_API_KEY
    ? '\nQHUB_API_KEY is set: commands act as its owner until it is unset.'
    : '';
}

export function logoutCommand(): Command {
  return new Command('logout')
    .description('End the session on the hub and forget it here.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nA key in QHUB_API_KEY is not ended by this: npx qhub keys revoke does.\n\nExamples:\n  npx qhub logout',
    )
    .action(async (options: OutputOptions) => {
      const hub = connectKept();
      // A session that has ended already is what was wanted.
      await hub
        .ask((api) => api.DELETE('/v1/sessions/current'))
        .catch((error: { status?: number }) => {
          if (error.status !== 401) throw error;
        });
      forgetCredential(hub.url);
      printResult(options, { url: hub.url }, `Signed out of ${hub.url}.`);
    });
}

function addressText({ email, pendingEmail }: { email: string | null; pendingEmail: string | null }) {
  const pending =
    pendingEmail === null ? undefined : `${pendingEmail} (to be confirmed: npx qhub account verify)`;
  return [email ?? undefined, pending].filter((text) => text !== undefined).join(', then ') || undefined;
}

export function whoamiCommand(): Command {
  return new Command('whoami')
    .description('Who you are on the hub.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  npx qhub whoami\n  npx qhub whoami --json')
    .action(async (options: OutputOptions) => {
      const hub = connectHub();
      const me = await hub.ask((api) => api.GET('/v1/me'));
      const text = facts([
        ['hub', hub.url],
        ['user', me.fullName ? `${me.username} (${printable(me.fullName)})` : me.username],
        ['email', addressText(me)],
        ['roles', me.roles.join(', ')],
        ['id', me.id],
      ]);
      printResult(options, { url: hub.url, ...me }, text);
    });
}
