import { executionRoutes } from '@quantum-hub/execution';
import { Metrics, openApiDocument, operationRoutes, type ServiceRoutes } from '@quantum-hub/http';
import { documentedIdentity } from '@quantum-hub/identity';
import { Hidden } from '@quantum-hub/kernel';

const version = '0.1.0';

/** Stands in for what routes work with, where they are only looked at: every use is a mistake. */
function nothing<Part extends object>(): Part {
  return new Proxy({} as Part, {
    get(_, name) {
      throw new Error(`these routes are for the document only; ${String(name)} was asked for`);
    },
  });
}

/** The routes of every service, for those who look at them only: their handlers have nothing to work with. */
export function documentedServices(): readonly ServiceRoutes[] {
  const operations = operationRoutes({ readiness: async () => [], metrics: new Metrics() });
  const execution = executionRoutes({
    blobs: nothing(),
    checker: nothing(),
    signals: nothing(),
    queues: nothing(),
    secret: new Hidden<Uint8Array>(Buffer.alloc(32)),
    limits: {},
  });
  return [{ service: 'hub', routes: operations }, documentedIdentity(), execution];
}

/** `openapi.json`: the whole API, whichever part of it a process serves. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(documentedServices(), version), null, 2)}\n`;
}
