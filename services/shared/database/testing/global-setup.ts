import type { ThrowawayServer } from '../server/index.ts';
import { startSharedServer } from './test-server.ts';

let server: ThrowawayServer | undefined;

/** Called by `node --test --test-global-setup` before the first file. */
export async function globalSetup(): Promise<void> {
  server = await startSharedServer();
}

export async function globalTeardown(): Promise<void> {
  await server?.stop();
}
