import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { hubError } from '@quantum-hub/kernel';
import { addressGroup } from '../limits/address.ts';
import { closeWith } from './broken-requests.ts';
import type { ServerContext } from './options.ts';
import { trustedProxyTest } from './trusted-proxies.ts';

/** Refusals are logged so often at most: a flood must not fill the log as well. */
const quietMs = 60_000;

/**
 * Refuses connections beyond those that the process takes, and beyond a fifth of them from one address that is no proxy of
 * ours: whoever holds connections open, and sends a byte now and then, keeps neither others nor the database's own sockets out.
 */
export function limitConnections(server: Server, context: ServerContext): void {
  const { connections: most } = context.limits;
  const mostOfOne = Math.max(1, Math.floor(most / 5));
  const isProxy = trustedProxyTest(context.trustedProxies);
  const open = new Map<string, number>();
  let all = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  const refuse = (socket: Socket, error: ReturnType<typeof hubError>) => {
    closeWith(socket, error, context.errorsAt);
    if (performance.now() - toldAt < quietMs) return;
    toldAt = performance.now();
    context.log.warn({ code: error.code, detail: error.message }, 'connections are refused');
  };

  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    const address = addressGroup(remoteAddress ?? '');
    const ofOne = open.get(address) ?? 0;
    if (all >= most) return refuse(socket, hubError('http.too_many_connections', { connections: all }));
    if (ofOne >= mostOfOne && !isProxy(remoteAddress)) {
      return refuse(socket, hubError('http.too_many_connections', { connections: ofOne, address }));
    }
    all += 1;
    open.set(address, ofOne + 1);
    socket.once('close', () => {
      all -= 1;
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
