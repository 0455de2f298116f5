/**
 * Traces of requests and statements, sent by OTLP to OTEL_EXPORTER_OTLP_ENDPOINT. Imported before anything that it
 * watches; the other settings are OpenTelemetry's own (`OTEL_*`). Requests are told by the pattern of their route and statements
 * without their values: an address holds ids, tokens of links and whatever a person typed.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createRequire, register } from 'node:module';
import { trace } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

const fromInstrumentation = createRequire(import.meta.resolve('@opentelemetry/instrumentation-http'));
register(import.meta.resolve(fromInstrumentation.resolve('@opentelemetry/instrumentation/hook.mjs')));

const sdk = new NodeSDK({
  // Figures are read at /metrics, and logs are written: only traces are sent.
  metricReaders: [],
  logRecordProcessors: [],
  serviceName: process.env.OTEL_SERVICE_NAME ?? 'quantum-hub',
  instrumentations: [
    new HttpInstrumentation({
      // Asked every few seconds by machines.
      ignoreIncomingRequestHook: ({ url = '' }) => /^\/(healthz|readyz|metrics)$/.test(url),
      startIncomingSpanHook: () => ({ 'url.path': '', 'url.query': '' }),
    }),
    new PgInstrumentation({
      enhancedDatabaseReporting: false,
      requestHook: (span, { query }) => {
        span.setAttribute('db.query.text', withoutValues(query.text));
      },
    }),
  ],
});
sdk.start();

/** What is used of a Fastify server. */
interface HookedServer {
  addHook(
    name: 'onRequest',
    hook: (request: { method: string; routeOptions: { url?: string } }) => Promise<void>,
  ): unknown;
}

// Fastify tells of each server that is made, before its own hooks are there: who is refused at the door has a route too.
subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: HookedServer };
  fastify.addHook('onRequest', async ({ method, routeOptions }) => {
    const route = routeOptions.url ?? 'none';
    trace
      .getActiveSpan()
      ?.updateName(`${method} ${route}`)
      .setAttributes({ 'http.route': route, 'url.path': route });
  });
});

/** The ORM writes values into its statements. */
function withoutValues(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, '?').replace(/\$\w*\$[\s\S]*?\$\w*\$/g, '?');
}

// The last spans go out when nothing else is left to do; a collector that hangs keeps the hub for two seconds.
process.once('beforeExit', () => {
  const late = setTimeout(() => process.exit(), 2000);
  sdk.shutdown().then(
    () => clearTimeout(late),
    () => clearTimeout(late),
  );
});
