import {
  Answer,
  clearedSessionCookie,
  pageQuery,
  pageSchema,
  type Route,
  route,
  sessionCookie,
} from '@quantum-hub/http';
import { readPageRequest } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { IdentityParts } from '../use-cases/context.ts';
import type { OpenedSession } from '../use-cases/open-session.ts';
import { endSession, listOwnSessions } from '../use-cases/sessions.ts';
import { signIn } from '../use-cases/sign-in.ts';
import { callerOf, plain, signedInCaller } from './caller.ts';
import {
  account,
  exampleId,
  exampleTime,
  idParams,
  openedSession,
  session,
  typedPassword,
} from './schemas.ts';

const signedIn = openedSession.extend({ account }).meta({ id: 'SignedIn', examples: [signInExample()] });

export const asCookie = z
  .boolean()
  .default(false)
  .describe('For browsers: the token comes as a cookie that scripts cannot read, and not in the body.');

/** An opened session as the body, or as a cookie and a body without the token. */
export function sessionAnswer({ id, token, expiresAt }: OpenedSession, cookie: boolean, more: object = {}) {
  const shown = { id, expiresAt, ...more };
  return cookie
    ? new Answer(201, plain(shown), { 'set-cookie': sessionCookie(token.reveal(), expiresAt) })
    : new Answer(201, plain({ ...shown, token: token.reveal() }));
}

export function sessionRoutes(parts: IdentityParts): Route[] {
  const tag = 'Sessions';
  return [
    route({
      method: 'POST',
      path: '/v1/sessions',
      name: 'signIn',
      tag,
      summary: 'Sign in with a user name, or a confirmed address, and the password.',
      description:
        'Send the token as `Authorization: Bearer`. A session ends after 30 days, or a week without use.',
      access: 'public',
      limit: 'sign-in',
      body: z.strictObject({
        account: z.string().min(1).max(254).describe('User name or confirmed address.'),
        password: typedPassword,
        cookie: asCookie,
      }),
      answers: { 201: signedIn },
      errors: ['identity.sign_in_refused', 'identity.busy'],
      examples: { body: { account: 'ada', password: 'marble otter sings at noon' } },
      handle: async (call) => {
        const { account: person, ...opened } = await signIn(parts, callerOf(call), call.body);
        return sessionAnswer(opened, call.body.cookie, { account: person });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/sessions',
      name: 'listSessions',
      tag,
      summary: 'Your sessions that are still good, newest first.',
      access: { scope: 'identity:read' },
      query: z.object(pageQuery),
      answers: { 200: pageSchema(session) },
      handle: async (call) => plain(await listOwnSessions(signedInCaller(call), readPageRequest(call.query))),
    }),
    route({
      method: 'DELETE',
      path: '/v1/sessions/current',
      name: 'signOut',
      tag,
      summary: 'End the session that asks.',
      access: { scope: 'identity:write', sessionOnly: true },
      answers: { 204: null },
      errors: ['identity.session_not_found'],
      handle: async (call) => {
        await endSession(signedInCaller(call), call.actor.credentialId);
        return new Answer(204, undefined, { 'set-cookie': clearedSessionCookie() });
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/sessions/:id',
      name: 'endSession',
      tag,
      summary: 'End one of your sessions at once.',
      access: { scope: 'identity:write' },
      params: idParams,
      answers: { 204: null },
      errors: ['identity.session_not_found'],
      handle: async (call) => {
        await endSession(signedInCaller(call), call.params.id);
        return new Answer(204);
      },
    }),
  ];
}

function signInExample() {
  return {
    id: exampleId,
    token: 'qh_session_...',
    expiresAt: exampleTime,
    account: {
      id: exampleId,
      username: 'ada',
      email: null,
      pendingEmail: 'ada@example.org',
      fullName: null,
      roles: ['consumer'],
      verified: false,
      hasPassword: true,
      createdAt: exampleTime,
      updatedAt: exampleTime,
      lastLoginAt: exampleTime,
    },
  };
}
