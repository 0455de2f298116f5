import { text as readAll } from 'node:stream/consumers';
import { hubError } from '@quantum-hub/kernel';
import { usageFault } from '../../faults.ts';

/** Loaded when somebody is asked: scripts never wait for it. */
const prompts = () => import('@clack/prompts');

function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** What a person types; elsewhere than on a terminal it has to come as the option. */
export async function askText(message: string, option: string, help: string): Promise<string> {
  if (!isTerminal()) throw usageFault(`${option} is missing; expected it where nobody can be asked`, help);
  const { text } = await prompts();
  return answered(
    await text({
      message,
      output: process.stderr,
      validate: (value) => (value ? undefined : 'expected something'),
    }),
  );
}

/** A password, as `askSecrets` asks for several. */
export async function askPassword(message: string, help: string): Promise<string> {
  const [secret = ''] = await askSecrets([message], help);
  return secret;
}

/**
 * Passwords and tokens: typed without being shown, or a line each of standard input. Never arguments, which every process of
 * the machine could read.
 */
export async function askSecrets(messages: readonly string[], help: string): Promise<string[]> {
  if (!isTerminal()) return secretLines(await readAll(process.stdin), messages, help);
  const { password } = await prompts();
  const secrets: string[] = [];
  for (const message of messages) secrets.push(answered(await password({ message, output: process.stderr })));
  return secrets;
}

function secretLines(text: string, messages: readonly string[], help: string): string[] {
  const lines = text.split(/\r?\n/);
  return messages.map((message, index) => {
    const line = lines[index];
    if (line) return line;
    const reason = `"${message}" is missing; expected it as line ${index + 1} of standard input, where nobody can be asked`;
    throw usageFault(reason, help);
  });
}

/** A yes that cannot be taken back; elsewhere than on a terminal `--yes` says it. */
export async function confirmed(message: string, yes: boolean | undefined, help: string): Promise<boolean> {
  if (yes) return true;
  if (!isTerminal()) throw usageFault('--yes is missing; expected it where nobody can be asked', help);
  const { confirm } = await prompts();
  return (await confirm({ message, output: process.stderr, initialValue: false })) === true;
}

/** Ctrl-C at a prompt gives a symbol. */
function answered(answer: string | symbol): string {
  if (typeof answer === 'string') return answer;
  throw hubError('kernel.interrupted', { signal: 'SIGINT' });
}
