import { Answer, clearedSessionCookie, type Route, requireMatch, route } from '@quantum-hub/http';
import { z } from 'zod';
import {
  changeAccount,
  deleteAccount,
  replaceProfile,
  showAccount,
  showProfile,
} from '../use-cases/account.ts';
import { changePassword } from '../use-cases/change-password.ts';
import type { IdentityParts } from '../use-cases/context.ts';
import { exportAccount } from '../use-cases/export-account.ts';
import { plain, signedInCaller } from './caller.ts';
import { revokeKeys } from './emails.ts';
import {
  account,
  exampleTime,
  fullName,
  newPassword,
  openedSession,
  profile,
  typedPassword,
  username,
} from './schemas.ts';
import { asCookie, sessionAnswer } from './sessions.ts';
import { tagOf } from './tags.ts';

const tag = 'Your account';

const exported = z
  .object({
    format: z.literal('quantum-hub.account'),
    version: z.literal(1),
    exportedAt: z.string(),
    identity: z.record(z.string(), z.unknown()),
    services: z.record(z.string(), z.unknown()).describe('What each other service keeps, by its name.'),
  })
  .meta({
    id: 'AccountExport',
    examples: [
      {
        format: 'quantum-hub.account',
        version: 1,
        exportedAt: exampleTime,
        identity: { account: { username: 'ada' } },
        services: {},
      },
    ],
  });

export function meRoutes(parts: IdentityParts): Route[] {
  return [...accountRoutes(parts), ...profileRoutes()];
}

function accountRoutes(parts: IdentityParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/me',
      name: 'showMe',
      tag,
      summary: 'Your account.',
      access: { scope: 'identity:read' },
      answers: { 200: account },
      conditional: true,
      errors: ['identity.user_not_found'],
      handle: async (call) => {
        const me = await showAccount(signedInCaller(call));
        return new Answer(200, plain(me), { etag: tagOf(me) });
      },
    }),
    route({
      method: 'PATCH',
      path: '/v1/me',
      name: 'changeMe',
      tag,
      summary: 'Change your user name or your full name.',
      access: { scope: 'identity:write' },
      body: z.strictObject({ username: username.optional(), fullName: fullName.nullable().optional() }),
      answers: { 200: account },
      conditional: true,
      errors: ['identity.username_taken', 'identity.username_reserved', 'identity.user_not_found'],
      examples: { body: { fullName: 'Ada King' } },
      handle: async (call) => {
        const me = await changeAccount(signedInCaller(call), call.body, (before) =>
          requireMatch(call.headers, tagOf(before)),
        );
        return new Answer(200, plain(me), { etag: tagOf(me) });
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/me',
      name: 'deleteMe',
      tag,
      summary: 'Delete your account for good.',
      description:
        'Name, addresses, password, profile, keys, sessions and mails go at once. Jobs and payments stay without a name; events of the audit log, with former names and addresses of the network, stay for 400 days.',
      access: { scope: 'identity:write', sessionOnly: true },
      body: z.strictObject({ password: typedPassword }),
      answers: { 204: null },
      errors: [
        'identity.password_wrong',
        'identity.administrator_stays',
        'identity.user_not_found',
        'identity.busy',
      ],
      examples: { body: { password: 'marble otter sings at noon' } },
      handle: async (call) => {
        await deleteAccount(parts, signedInCaller(call), call.body.password);
        return new Answer(204, undefined, { 'set-cookie': clearedSessionCookie() });
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/me/password',
      name: 'changePassword',
      tag,
      summary: 'Set a new password; all sessions end, and you get a new one.',
      access: { scope: 'identity:write', sessionOnly: true },
      body: z.strictObject({ currentPassword: typedPassword, newPassword, revokeKeys, cookie: asCookie }),
      answers: { 201: openedSession },
      errors: [
        'identity.password_wrong',
        'identity.password_refused',
        'identity.user_not_found',
        'identity.busy',
      ],
      examples: {
        body: { currentPassword: 'the present password', newPassword: 'marble otter sings at noon' },
      },
      handle: async (call) =>
        sessionAnswer(await changePassword(parts, signedInCaller(call), call.body), call.body.cookie),
    }),
    route({
      method: 'GET',
      path: '/v1/me/export',
      name: 'exportMe',
      tag,
      summary: 'Everything that the hub keeps about you.',
      access: { scope: 'identity:read', sessionOnly: true },
      answers: { 200: exported },
      errors: ['identity.user_not_found'],
      maxSeconds: 120,
      handle: async (call) => plain(await exportAccount(parts, signedInCaller(call), call.signal)),
    }),
  ];
}

function profileRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/me/profile',
      name: 'showProfile',
      tag,
      summary: 'What you tell about yourself.',
      access: { scope: 'identity:read' },
      answers: { 200: profile },
      handle: async (call) => await showProfile(signedInCaller(call)),
    }),
    route({
      method: 'PUT',
      path: '/v1/me/profile',
      name: 'replaceProfile',
      tag,
      summary: 'Replace what you tell about yourself; what is left out becomes empty.',
      access: { scope: 'identity:write' },
      body: profile,
      answers: { 200: profile },
      examples: { body: { organization: 'Example University' } },
      handle: async (call) => await replaceProfile(signedInCaller(call), call.body),
    }),
  ];
}
