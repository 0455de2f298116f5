/** A collector of traces that speaks OTLP/HTTP: what it was sent, as JSON (OTLP 1.x) or as the bytes of protobuf. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface ExportedTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[];
    }[];
  }[];
}

export interface CollectedSpan {
  readonly service: unknown;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const valuesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

export class Collector implements AsyncDisposable {
  readonly url: string;
  /** Content type, path and bytes of each request. */
  readonly received: { type: string; path: string; body: Buffer }[] = [];
  readonly #server = createServer(async (request, response) => {
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    this.received.push({ type: request.headers['content-type'] ?? '', path: request.url ?? '', body });
    response
      .writeHead(200, { 'content-type': request.headers['content-type'] ?? '' })
      .end(request.headers['content-type'] === 'application/json' ? '{}' : '');
  });

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<Collector> {
    const probe = createServer();
    await once(probe.listen(0, '127.0.0.1'), 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((done) => probe.close(done));
    const collector = new Collector(port);
    await once(collector.#server.listen(port, '127.0.0.1'), 'listening');
    return collector;
  }

  /** All that was sent, as text. */
  get text(): string {
    return this.received.map(({ body }) => body.toString('latin1')).join('\n');
  }

  /** Of what came as JSON. */
  get spans(): CollectedSpan[] {
    const traces = this.received.filter(({ path }) => path === '/v1/traces');
    const exported = traces.map(({ body }) => JSON.parse(body.toString()) as ExportedTraces);
    return exported.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map(({ name, attributes }) => ({
            name,
            attributes: valuesOf(attributes),
            service: valuesOf(resource.attributes)['service.name'],
          })),
        ),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
