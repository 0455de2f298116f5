import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Client } from 'pg';
import { serverAccount } from './account.ts';
import { ADMIN_PASSWORD_FILE } from './administrator.ts';
import { findBinaries } from './binaries.ts';
import { stopServer } from './embedded-server.ts';
import { updateServerFile, writeHomeFile } from './home-files.ts';
import { makeFolder } from './place.ts';
import { copyTemplate } from './throwaway-template.ts';

/** True where a test may mount, change users and the like. */
export const isRoot = process.getuid?.() === 0;

/** For a test that needs root: says so where it is skipped, and is not skipped in CI. */
export const needsRoot = isRoot || process.env.CI ? false : 'needs root';

/** A folder that the server's user can pass through, gone after the test; `before` runs before it goes. */
export function makeTempDir(t: TestContext, before?: (dir: string) => unknown): string {
  const dir = mkdtempSync(join(roomyMemory() ?? tmpdir(), 'qhub-server-test-'));
  chmodSync(dir, 0o755);
  t.after(async () => {
    await before?.(dir);
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

// Memory where there is plenty: on a busy disk the fsyncs of a durable server took most of these tests' time. What they
// protect is not changed by it: processes are killed here, not machines.
function roomyMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 2 * 1024 ** 3 ? '/dev/shm' : undefined;
  } catch {
    return undefined;
  }
}

/** A home in which nothing was started yet; its server is stopped after the test. */
export function makeHome(t: TestContext, name = 'home'): string {
  return join(
    makeTempDir(t, (dir) => stopServer({ home: join(dir, name) })),
    name,
  );
}

/** A home with a complete database, by a copy: `initdb` would take most of a test's time. */
export async function makeFilledHome(t: TestContext, name = 'home'): Promise<string> {
  const home = makeHome(t, name);
  mkdirSync(home, { mode: 0o711 });
  const account = serverAccount();
  const place = join(home, 'postgres');
  makeFolder(place, account);
  const password = await copyTemplate(join(place, 'data'), {
    root: tmpdir(),
    binaries: findBinaries(account),
    account,
  });
  writeHomeFile(home, join(home, ADMIN_PASSWORD_FILE), password);
  updateServerFile(home, { initialised: true });
  return home;
}

/** A connection of the administrator, ended after the test; losing it is no fault of the test's. */
export async function connect(
  t: TestContext,
  server: { port: number; host: string; adminUser: string; adminPassword: string },
): Promise<Client> {
  const client = new Client({
    ...server,
    user: server.adminUser,
    password: server.adminPassword,
    database: 'postgres',
  });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end().catch(() => undefined));
  return client;
}

/** The lines that a started program writes, as they come. */
export type Talker = {
  child: ChildProcess;
  line: (pattern: RegExp) => Promise<RegExpExecArray>;
  ended: Promise<unknown>;
};

/** Code for `startProgram`: it sees everything that `index.ts` exports, as `server`. */
export function serverProgram(code: string): string[] {
  const index = new URL('./index.ts', import.meta.url).href;
  return [
    process.execPath,
    '--input-type=module',
    '-e',
    `const server = await import(${JSON.stringify(index)});\n${code}`,
  ];
}

/** Starts a program; `line` waits for something that it says and fails with all it said when it ends before. */
export function startProgram(
  t: TestContext,
  [program = '', ...args]: string[],
  options: object = {},
): Talker {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      for (const listener of listeners) listener();
    });
  }
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const line = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(said);
        if (!found) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      ended.then(() => {
        look();
        reject(new Error(`${program} ended without saying ${pattern}; it said: ${said}`));
      }, reject);
    });
  return { child, line, ended };
}
