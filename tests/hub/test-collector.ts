/** A collector of traces that speaks OTLP/HTTP as the real one does: protobuf, read by the published descriptions of its messages. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Root } from 'protobufjs';

export interface CollectedSpan {
  readonly service: unknown;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The fields of opentelemetry-proto 1.x that are looked at (trace.proto, common.proto, resource.proto), by their numbers. */
const messages = {
  AnyValue: {
    stringValue: ['string', 1],
    boolValue: ['bool', 2],
    intValue: ['int64', 3],
    doubleValue: ['double', 4],
  },
  KeyValue: { key: ['string', 1], value: ['AnyValue', 2] },
  Resource: { attributes: ['KeyValue', 1, 'repeated'] },
  Event: { name: ['string', 2], attributes: ['KeyValue', 3, 'repeated'] },
  Span: { name: ['string', 5], attributes: ['KeyValue', 9, 'repeated'], events: ['Event', 11, 'repeated'] },
  ScopeSpans: { spans: ['Span', 2, 'repeated'] },
  ResourceSpans: { resource: ['Resource', 1], scopeSpans: ['ScopeSpans', 2, 'repeated'] },
  ExportTraceServiceRequest: { resourceSpans: ['ResourceSpans', 1, 'repeated'] },
} as const;
