// `npm start`. Plain JavaScript, so that a wrong Node can say so.
import { requireNode } from '../../tools/require-node.js';

requireNode({ start: 'npm start' });
// As in apps/cli/qhub.js.
const { enableCompileCache } = await import('node:module');
enableCompileCache(`${import.meta.dirname}/../../node_modules/.cache/qhub`);
// Before anything that it watches is loaded.
if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) await import('./telemetry.ts');
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
