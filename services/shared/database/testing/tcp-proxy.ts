import { connect, createServer, type Server, type Socket } from 'node:net';

/** What a client sent: one entry for each message, by PostgreSQL's letter (`Q`, `P`, `B`, `D`, `E`, `S`, ...). */
export interface SeenMessage {
  readonly type: string;
  readonly body: Buffer;
}

/** Splits the bytes of one client into messages. The first has no letter: it is the start-up (or a TLS request). */
function messageReader(onMessage: (message: SeenMessage) => void) {
  let rest = Buffer.alloc(0);
  let started = false;
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const at = started ? 1 : 0;
      if (rest.length < at + 4) return;
      const end = at + rest.readInt32BE(at);
      if (rest.length < end) return;
      onMessage({
        type: started ? String.fromCharCode(rest[0] as number) : 'startup',
        body: rest.subarray(at + 4, end),
      });
      started = true;
      rest = rest.subarray(end);
    }
  };
}

/**
 * A TCP proxy in front of a server: it records what clients send, cuts connections and can hold all bytes back.
 * Messages can be read only of connections without TLS.
 */
export class TcpProxy {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly messages: SeenMessage[] = [];
  /** Called for each message before it goes on; `cut()` in here cuts before the server sees it. */
  onMessage: (message: SeenMessage) => void = () => {};
  /** Called for what the server sends before it goes on; `cut()` in here loses an answer that the server has given. */
  onAnswer: (chunk: Buffer) => void = () => {};
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #upstreams: Set<Socket>;

  constructor(server: Server, port: number, sockets: Set<Socket>, upstreams: Set<Socket>) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
    this.#upstreams = upstreams;
  }

  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Messages that the client waits for an answer to: simple queries and the sync after an extended one. */
  roundTrips(): number {
    return this.messages.filter(({ type }) => type === 'Q' || type === 'S').length;
  }

  /** Destroys every connection at once, as a cut cable would; new ones are still taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
  }

  /** Holds everything back: connections stay open and nothing arrives any more. */
  hold(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  /** Holds the answers of open connections back until the returned function is called; what clients send goes on. */
  holdAnswers(): () => void {
    const held = [...this.#upstreams];
    for (const socket of held) socket.pause();
    return () => {
      for (const socket of held) socket.resume();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    if (!this.#server.listening) return;
    await new Promise<void>((done) => this.#server.close(() => done()));
  }
}

/** Listens on a free port of 127.0.0.1 and passes everything on to `host:port`. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  let proxy: TcpProxy;
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    upstreams.add(upstream);
    const read = messageReader((message) => {
      proxy.messages.push(message);
      proxy.onMessage(message);
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        upstreams.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk) => {
      read(chunk);
      if (!upstream.destroyed) upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      proxy.onAnswer(chunk);
      if (!client.destroyed) client.write(chunk);
    });
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  proxy = new TcpProxy(server, (server.address() as { port: number }).port, sockets, upstreams);
  return proxy;
}
