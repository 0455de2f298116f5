import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server under measurement, in a process of its own. */
export interface Served extends AsyncDisposable {
  readonly name: string;
  /** What is asked for, with the key that is accepted. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Waits for the line of standard output in which the process tells its address; afterwards nobody reads what it says. */
export async function addressOf(
  child: ChildProcess,
  read: (line: string) => string | undefined,
): Promise<string> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk) => said.push(String(chunk)));
  if (!child.stdout) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const url = read(line);
    if (url === undefined) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error(`the server ended before it was up:\n${said.join('\n')}`);
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}
