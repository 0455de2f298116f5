import { Answer, type Route, route } from '@quantum-hub/http';
import { z } from 'zod';
import type { IdentityParts } from '../use-cases/context.ts';
import { requestReset, resetPassword } from '../use-cases/reset-password.ts';
import { confirmEmail, requestVerification } from '../use-cases/verify-email.ts';
import { callerOf, signedInCaller } from './caller.ts';
import { email, newPassword, token, typedPassword } from './schemas.ts';

export const revokeKeys = z.boolean().default(false).describe('Also revokes all API keys of the account.');
const exampleToken = 'qh_verify_...';

/** What is proven by a mail that was read: an address, or that a password may be set anew. */
export function emailRoutes(parts: IdentityParts): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/email-verifications',
      name: 'requestEmailVerification',
      tag: 'Accounts',
      summary: 'Have a mail sent that confirms your address, or a new one.',
      description: 'A new address needs the password; the present one stays until the new one is confirmed.',
      access: { scope: 'identity:write', sessionOnly: true },
      body: z
        .strictObject({ email: email.optional(), password: typedPassword.optional() })
        .refine(
          (body) => (body.email === undefined) === (body.password === undefined),
          'expected an address together with the password, or neither',
        ),
      answers: { 202: null },
      errors: [
        'identity.no_address',
        'identity.address_confirmed',
        'identity.password_wrong',
        'identity.user_not_found',
        'identity.busy',
      ],
      examples: { body: {} },
      handle: async (call) => {
        await requestVerification(parts, signedInCaller(call), call.body);
        return new Answer(202);
      },
    }),
    route({
      method: 'POST',
      path: '/v1/email-verifications/confirm',
      name: 'confirmEmail',
      tag: 'Accounts',
      summary: 'Confirm an address with the token in the mail.',
      access: 'public',
      limit: 'reset',
      body: z.strictObject({ token }),
      answers: { 204: null },
      errors: ['identity.token_refused', 'identity.email_taken'],
      examples: { body: { token: exampleToken } },
      handle: async (call) => {
        await confirmEmail(parts, callerOf(call), call.body.token);
        return new Answer(204);
      },
    }),
    route({
      method: 'POST',
      path: '/v1/password-resets',
      name: 'requestPasswordReset',
      tag: 'Accounts',
      summary: 'Have a mail sent with which a forgotten password can be set anew.',
      description: 'The answer is the same whether or not there is such an account.',
      access: 'public',
      limit: 'reset',
      body: z.strictObject({ account: z.string().min(1).max(254).describe('User name or address.') }),
      answers: { 202: null },
      examples: { body: { account: 'ada' } },
      handle: async (call) => {
        await requestReset(parts, callerOf(call), call.body.account);
        return new Answer(202);
      },
    }),
    route({
      method: 'POST',
      path: '/v1/password-resets/confirm',
      name: 'resetPassword',
      tag: 'Accounts',
      summary: 'Set a new password with the token in the mail; all sessions end.',
      access: 'public',
      limit: 'reset',
      body: z.strictObject({ token, newPassword, revokeKeys }),
      answers: { 204: null },
      errors: ['identity.token_refused', 'identity.password_refused', 'identity.busy'],
      examples: { body: { token: 'qh_reset_...', newPassword: 'marble otter sings at noon' } },
      handle: async (call) => {
        await resetPassword(parts, callerOf(call), call.body);
        return new Answer(204);
      },
    }),
  ];
}
