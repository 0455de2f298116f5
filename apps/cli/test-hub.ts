/** A hub of a test's own, as `qhub serve` runs it: its own home, its own database, a free port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bin, plainEnvironment, qhub, type Run, type RunOptions, type Variables } from './test-qhub.ts';

export interface TestHub extends AsyncDisposable {
  readonly url: string;
  /** A folder for the test's files. */
  readonly folder: string;
  /** The environment of a person of this machine, with a configuration of their own. */
  as(person: string, extra?: Variables): Variables;
  qhub(person: string, args: readonly string[], options?: RunOptions): Promise<Run>;
}

/** @param args of `qhub serve` */
export async function startTestHub(args: readonly string[] = []): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'qhub-commands-'));
  // As root the database's server runs as another user, who has to pass here.
  chmodSync(folder, 0o711);
  const home = join(folder, 'home');
  const env = plainEnvironment({ QHUB_HOME: home, QHUB_HTTP_PORT: '0' });
  const { url, stop } = await serve(args, { env, cwd: folder }).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const as = (person: string, extra: Variables = {}): Variables => {
    const config = join(folder, 'people', person);
    mkdirSync(config, { recursive: true });
    return { QHUB_HOME: home, QHUB_URL: url, XDG_CONFIG_HOME: config, ...extra };
  };
  return {
    url,
    folder,
    as,
    qhub: (person, args, options = {}) =>
      qhub(args, { cwd: folder, ...options, env: as(person, options.env) }),
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface HubPart extends AsyncDisposable {
  readonly url: string;
}

/** One more process for the database of a hub. */
export async function startHubPart(hub: TestHub, args: readonly string[]): Promise<HubPart> {
  const env = plainEnvironment({ ...hub.as('host'), QHUB_HTTP_PORT: '0' });
  const { url, stop } = await serve(args, { env, cwd: hub.folder });
  return { url, [Symbol.asyncDispose]: stop };
}

async function serve(args: readonly string[], options: { readonly env: Variables; readonly cwd: string }) {
  const child = spawn(process.execPath, [bin, 'serve', ...args], options);
  const closed = once(child, 'close');
  const url = await addressOf(child);
  const stop = async () => {
    child.kill('SIGTERM');
    await closed;
  };
  return { url, stop };
}

/** What the hub logs when it is up; fails with all that it said when it ends before. */
async function addressOf({ stdout, stderr }: ReturnType<typeof spawn>): Promise<string> {
  const said: string[] = [];
  stderr?.on('data', (chunk) => said.push(String(chunk)));
  if (stdout === null) throw new Error('the hub has no standard output');
  const lines = createInterface({ input: stdout });
  for await (const line of lines) {
    said.push(line);
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    if (msg !== 'Quantum Hub is up' || url === undefined) continue;
    // What is logged later is nobody's to read, and must not fill the pipe.
    stdout.resume();
    return url;
  }
  throw new Error(`the hub ended before it was up:\n${said.join('\n')}`);
}
