import type { Route } from '@quantum-hub/http';
import type { IdentityParts } from '../use-cases/context.ts';
import { administrationRoutes } from './administration.ts';
import { emailRoutes } from './emails.ts';
import { keyRoutes } from './keys.ts';
import { meRoutes } from './me.ts';
import { sessionRoutes } from './sessions.ts';
import { signUpRoutes } from './sign-up.ts';

/** All routes of identity. */
export function identityRoutes(parts: IdentityParts): readonly Route[] {
  return [
    ...signUpRoutes(parts),
    ...sessionRoutes(parts),
    ...emailRoutes(parts),
    ...meRoutes(parts),
    ...keyRoutes(parts),
    ...administrationRoutes(parts),
  ];
}
