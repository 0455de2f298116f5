import { Metrics, openApiDocument, operationRoutes, type ServiceRoutes } from '@quantum-hub/http';

const version = '0.1.0';

/** The routes of every service, for those who look at them only: their handlers have nothing to work with. */
export function documentedServices(): readonly ServiceRoutes[] {
  const nothing = { readiness: async () => [], metrics: new Metrics() };
  return [{ service: 'hub', routes: operationRoutes(nothing) }];
}

/** `openapi.json`: the whole API, whichever part of it a process serves. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(documentedServices(), version), null, 2)}\n`;
}
