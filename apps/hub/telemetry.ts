/**
 * Traces of requests and statements, sent by OTLP to OTEL_EXPORTER_OTLP_ENDPOINT. Imported before anything that it
 * watches; the other settings are OpenTelemetry's own (`OTEL_*`). No values of statements and no bodies are sent.
 */
import { createRequire, register } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

const fromInstrumentation = createRequire(import.meta.resolve('@opentelemetry/instrumentation-http'));
register(import.meta.resolve(fromInstrumentation.resolve('@opentelemetry/instrumentation/hook.mjs')));

const sdk = new NodeSDK({
  serviceName: process.env.OTEL_SERVICE_NAME ?? 'quantum-hub',
  instrumentations: [
    new HttpInstrumentation({
      // Asked every few seconds by machines.
      ignoreIncomingRequestHook: ({ url = '' }) => /^\/(healthz|readyz|metrics)$/.test(url),
    }),
    new PgInstrumentation({ enhancedDatabaseReporting: false }),
  ],
});
sdk.start();

// The last spans go out when nothing else is left to do; a collector that hangs keeps the hub for two seconds.
process.once('beforeExit', () => {
  const late = setTimeout(() => process.exit(), 2000);
  sdk.shutdown().then(
    () => clearTimeout(late),
    () => clearTimeout(late),
  );
});
