import type { AddressInfo, Socket } from 'node:net';
import { hubError } from '@quantum-hub/kernel';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from './options.ts';

/** Idle connections are looked for this often while the server stops. */
const idleCheckMs = 200;

/** A server of the hub, from `buildServer` to `close`. */
export class HubServer implements AsyncDisposable {
  /** For tests that need no network (`app.inject`). */
  readonly app: FastifyInstance;
  readonly #context: ServerContext;
  readonly #stop: AbortController;
  /** Connections that have not asked anything yet: browsers open them ahead. Node takes them for busy, to time them. */
  readonly #unused = new Set<Socket>();
  #closed: Promise<void> | undefined;

  constructor(app: FastifyInstance, context: ServerContext, stop: AbortController) {
    this.app = app;
    this.#context = context;
    this.#stop = stop;
    app.server.on('connection', (socket: Socket) => {
      this.#unused.add(socket);
      socket.once('close', () => this.#unused.delete(socket));
    });
    app.server.on('request', ({ socket }) => this.#unused.delete(socket));
  }

  /** Listens, and gives the address: `http://127.0.0.1:8080`. Port 0 takes any. Throws `http.port_taken`, `http.cannot_listen`. */
  async listen({ host, port }: { host: string; port: number }): Promise<string> {
    try {
      await this.app.listen({ host, port });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') throw hubError('http.port_taken', { host, port }, { cause: error });
      throw hubError('http.cannot_listen', { host, port, reason: code ?? String(error) }, { cause: error });
    }
    const address = this.app.server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  }

  /**
   * Takes no new requests, ends streams of events and long polls, waits for what is being answered (10 s by default), and
   * cuts what is left. Calling it again waits for the same end.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // Fastify's own ways are no good alone: forceCloseConnections `true` cuts requests that are being answered, and `idle`
  // looks once, so that a connection that becomes idle later keeps the server up until its keep-alive is over.
  async #close(): Promise<void> {
    const { server } = this.app;
    this.#stop.abort();
    for (const stream of this.#context.eventStreams) stream.abort();
    const closing = setInterval(() => {
      server.closeIdleConnections();
      for (const socket of this.#unused) socket.destroy();
    }, idleCheckMs);
    const cut = setTimeout(() => server.closeAllConnections(), this.#context.limits.stopSeconds * 1000);
    try {
      await this.app.close();
    } finally {
      clearInterval(closing);
      clearTimeout(cut);
    }
  }
}
