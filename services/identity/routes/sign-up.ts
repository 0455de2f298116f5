import { Answer, type Route, route } from '@quantum-hub/http';
import { z } from 'zod';
import type { IdentityParts } from '../use-cases/context.ts';
import { signUp } from '../use-cases/sign-up.ts';
import { callerOf } from './caller.ts';
import { email, exampleId, fullName, newPassword, username } from './schemas.ts';

const made = z
  .object({ id: z.guid(), username: z.string() })
  .meta({ id: 'NewAccount', examples: [{ id: exampleId, username: 'ada' }] });

export function signUpRoutes(parts: IdentityParts): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/signup',
      name: 'signUp',
      tag: 'Accounts',
      summary: 'Make an account.',
      description:
        'A mail with a token goes to the address. Until it is confirmed, sign in by the user name. Nothing tells whether an address belongs to another account already.',
      access: 'public',
      limit: 'sign-up',
      body: z.strictObject({ username, password: newPassword, email, fullName: fullName.optional() }),
      answers: { 201: made },
      errors: [
        'identity.username_taken',
        'identity.username_reserved',
        'identity.password_refused',
        'identity.busy',
      ],
      examples: {
        body: { username: 'ada', password: 'marble otter sings at noon', email: 'ada@example.org' },
      },
      handle: async (call) => new Answer(201, await signUp(parts, callerOf(call), call.body)),
    }),
  ];
}
