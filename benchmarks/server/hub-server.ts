import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf, type TestDatabase } from '@quantum-hub/database/testing';
import { addressOf, type Served, stop } from './served.ts';

const program = join(import.meta.dirname, '../../apps/hub/start.js');
/** So that limits are counted and never reached. */
const plenty = '1000000000';

/** The hub as `qhub serve --role api` runs it, log and all, with a database that is there. */
export async function startHubServer(place: TestDatabase, key: string): Promise<Served> {
  const home = await mkdtemp(join(tmpdir(), 'qhub-bench-'));
  await chmod(home, 0o711);
  const child = spawn(process.execPath, [program, '--role', 'api'], {
    env: {
      PATH: process.env.PATH,
      ...settingsOf(place),
      QHUB_HOME: home,
      QHUB_HTTP_PORT: '0',
      QHUB_RATE_LIMIT: plenty,
      QHUB_RATE_LIMIT_ADDRESS: plenty,
      QHUB_RATE_LIMIT_ANONYMOUS: plenty,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await using opening = new AsyncDisposableStack();
  opening.defer(() => rm(home, { recursive: true, force: true }));
  opening.defer(() => stop(child));
  const url = await addressOf(child, (line) => (JSON.parse(line) as { url?: string }).url);
  const open = opening.move();
  return {
    name: 'Quantum Hub',
    url: `${url}/v1/me`,
    headers: { authorization: `Bearer ${key}` },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
