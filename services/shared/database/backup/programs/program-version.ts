import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const answers = new Map<string, Promise<string | undefined>>();
const limitMs = 20_000;

/** The version that a program tells, such as `15.18`; undefined where it doesn't run. Asked once a process. */
export function askVersion(command: readonly string[]): Promise<string | undefined> {
  const key = command.join('\0');
  const known = answers.get(key);
  if (known) return known;
  const answer = ask(command);
  answers.set(key, answer);
  return answer;
}

async function ask([file = '', ...args]: readonly string[]): Promise<string | undefined> {
  try {
    // pgBackRest has a command for it and refuses the option.
    const question = basename(file) === 'pgbackrest' ? 'version' : '--version';
    const { stdout } = await promisify(execFile)(file, [...args, question], { timeout: limitMs });
    return /(\d+[.\w]*)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
