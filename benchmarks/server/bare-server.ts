import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestDatabase } from '@quantum-hub/database/testing';
import { addressOf, type Served, stop } from './served.ts';

export async function startBareServer(place: TestDatabase, key: string): Promise<Served> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-process.ts')], {
    env: { PATH: process.env.PATH, BENCH_DATABASE: JSON.stringify(place.application) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await using opening = new AsyncDisposableStack();
  opening.defer(() => stop(child));
  const url = await addressOf(child, (line) => line);
  const open = opening.move();
  return {
    name: 'Fastify and pg',
    url: `${url}/v1/me`,
    headers: { authorization: `Bearer ${key}` },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
