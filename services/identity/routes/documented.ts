import type { ServiceRoutes } from '@quantum-hub/http';
import type { IdentityParts } from '../use-cases/context.ts';
import { identityRoutes } from './index.ts';

/** The routes for those who look at them only, as the OpenAPI document does: their handlers have nothing to work with. */
export function documentedIdentity(): ServiceRoutes {
  const nothing = new Proxy({} as IdentityParts, {
    get(_, name) {
      throw new Error(`these routes are for the document only; ${String(name)} was asked for`);
    },
  });
  return { service: 'identity', routes: identityRoutes(nothing) };
}
