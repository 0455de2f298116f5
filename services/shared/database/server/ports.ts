import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemCode } from './errors.ts';
import { HOST } from './settings.ts';

/** The embedded server's own port, so that it never fights an installed PostgreSQL for 5432. */
export const DEFAULT_PORT = 54320;

const NEIGHBOURS = 20;

/** The ports to try, best first, when none was asked for: the one of the last start, the default, its neighbours, any free one. */
export async function* portCandidates(
  remembered: number | undefined,
  faultOf: (port: number) => Promise<string | undefined> = portFault,
): AsyncGenerator<number> {
  const known = Array.from({ length: NEIGHBOURS }, (_, index) => DEFAULT_PORT + index);
  for (const port of new Set([...(remembered ? [remembered] : []), ...known])) {
    if ((await faultOf(port)) === undefined) yield port;
  }
  for (;;) yield await freePort();
}

/** Why a port of this machine can't be listened on (`EADDRINUSE`, `EACCES`, ...), or undefined when it can. */
export async function portFault(port: number): Promise<string | undefined> {
  const probe = createServer();
  try {
    probe.listen({ port, host: HOST, exclusive: true });
    await once(probe, 'listening');
    return undefined;
  } catch (error) {
    return systemCode(error) ?? String(error);
  } finally {
    probe.close();
  }
}

/** A port that nobody listens on now. Somebody may take it before it is used: try again then. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen({ port: 0, host: HOST, exclusive: true });
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
