import type { z } from 'zod';
import { problemSchema } from '../errors/problem.ts';
import type { Route, ServiceRoutes } from '../route.ts';
import { sessionCookieName } from '../sign-in/session-cookie.ts';
import { operationOf } from './operation.ts';
import { Components, type JsonObject } from './schemas.ts';

const description =
  `Quantum applications: developed, published and run. Errors are problems (RFC 9457) with a code that never
changes its meaning. Lists are pages: give \`nextCursor\` as \`cursor\`. A route that lets a request in says in \`RateLimit\`
how many more are left; one too many, also to an address that is no route, gets 429 and \`Retry-After\`.`.replaceAll(
    '\n',
    ' ',
  );

/** The OpenAPI 3.1 document of these services: the same for the same routes, whoever makes it. */
export function openApiDocument(services: readonly ServiceRoutes[], version: string): JsonObject {
  const routes = services.flatMap((service) => service.routes);
  requireUnique(routes);
  const components = new Components();
  components.learn(problemSchema, 'output');
  for (const route of routes) learn(route, components);
  components.settle();
  return {
    openapi: '3.1.0',
    info: { title: 'Quantum Hub', version, description },
    servers: [{ url: '/', description: 'The hub that serves this document.' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(routes, components),
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A session (all that its user may) or an API key (what its scopes name).',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookieName,
          description: 'A browser that has signed in; its writes are taken from pages of the hub only.',
        },
      },
      schemas: components.schemas(),
    },
  };
}

function learn(route: Route, components: Components): void {
  for (const schema of [route.params, route.query, route.body]) if (schema) components.learn(schema, 'input');
  for (const schema of Object.values(route.answers as Record<string, z.ZodType | null>)) {
    if (schema) components.learn(schema, 'output');
  }
}

function pathsOf(routes: readonly Route[], components: Components): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return paths;
}

function requireUnique(routes: readonly Route[]): void {
  const seen = new Set<string>();
  for (const { name, method, path } of routes) {
    for (const key of [name, `${method} ${path}`]) {
      if (seen.has(key)) throw new TypeError(`Two routes are ${key}: expected one.`);
      seen.add(key);
    }
  }
}
