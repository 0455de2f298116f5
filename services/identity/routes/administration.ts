import { Answer, pageQuery, pageSchema, type Route, requireMatch, route } from '@quantum-hub/http';
import { readPageRequest } from '@quantum-hub/kernel';
import { z } from 'zod';
import { auditActions, auditOutcomes } from '../domain/audit-actions.ts';
import { userRoles } from '../domain/scopes.ts';
import { changeUser, listAllUsers, listEvents, showUser } from '../use-cases/administer-users.ts';
import type { IdentityParts } from '../use-cases/context.ts';
import { listOutbox } from '../use-cases/show-mails.ts';
import { plain, signedInCaller } from './caller.ts';
import { auditEvent, idParams, mail, roles, user } from './schemas.ts';
import { tagOf } from './tags.ts';

const tag = 'Administration';
/** A query's flag: `true` or `false` in words. */
const flag = z.stringbool({ truthy: ['true'], falsy: ['false'] });

export function administrationRoutes(parts: IdentityParts): Route[] {
  return [...userRoutes(), auditRoute(), mailRoute(parts)];
}

function userRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/admin/users',
      name: 'listUsers',
      tag,
      summary: 'All users, newest first.',
      access: { scope: 'identity:read', role: 'administrator' },
      query: z.object({
        ...pageQuery,
        username: z.string().min(1).max(40).optional().describe('The beginning of the user name.'),
        role: z.enum(userRoles).optional(),
        active: flag.optional(),
      }),
      answers: { 200: pageSchema(user) },
      handle: async ({ query }) => {
        const { username, role, active } = query;
        return plain(await listAllUsers({ username, role, active }, readPageRequest(query)));
      },
    }),
    route({
      method: 'GET',
      path: '/v1/admin/users/:id',
      name: 'showUser',
      tag,
      summary: 'One user.',
      access: { scope: 'identity:read', role: 'administrator' },
      params: idParams,
      answers: { 200: user },
      conditional: true,
      errors: ['identity.user_not_found'],
      handle: async ({ params }) => {
        const found = await showUser(params.id);
        return new Answer(200, plain(found), { etag: tagOf(found) });
      },
    }),
    route({
      method: 'PATCH',
      path: '/v1/admin/users/:id',
      name: 'changeUser',
      tag,
      summary: "Give and take a user's roles, switch an account off or on; its sessions end.",
      description: 'Not your own account, and not so that no administrator is left.',
      access: { scope: 'identity:write', role: 'administrator' },
      params: idParams,
      body: z
        .strictObject({ roles: roles.optional(), active: z.boolean().optional() })
        .refine(
          (body) => body.roles !== undefined || body.active !== undefined,
          'expected roles, active, or both',
        ),
      answers: { 200: user },
      conditional: true,
      errors: ['identity.user_not_found', 'identity.own_account', 'identity.last_administrator'],
      examples: { body: { roles: ['consumer', 'operator'] } },
      handle: async (call) => {
        const changed = await changeUser(signedInCaller(call), call.params.id, call.body, (before) =>
          requireMatch(call.headers, tagOf(before)),
        );
        return new Answer(200, plain(changed), { etag: tagOf(changed) });
      },
    }),
  ];
}

function auditRoute(): Route {
  return route({
    method: 'GET',
    path: '/v1/audit-events',
    name: 'listAuditEvents',
    tag: 'Your account',
    summary: 'What was done to your account, newest first; administrators may ask for everybody.',
    description:
      'Kept for 400 days. A refused sign-in under a name that nobody has is in the list of everybody only.',
    access: { scope: 'identity:read' },
    query: z.object({
      ...pageQuery,
      everybody: flag.default(false).describe('All accounts; for administrators.'),
      userId: z.guid().optional().describe('Of this account only; with everybody.'),
      action: z.enum(auditActions).optional(),
      outcome: z.enum(auditOutcomes).optional(),
    }),
    answers: { 200: pageSchema(auditEvent) },
    errors: ['http.role_missing'],
    handle: async (call) => {
      const { everybody, userId, action, outcome } = call.query;
      const filter = { everybody, userId, action, outcome };
      return plain(await listEvents(signedInCaller(call), filter, readPageRequest(call.query)));
    },
  });
}

function mailRoute(parts: IdentityParts): Route {
  return route({
    method: 'GET',
    path: '/v1/admin/mails',
    name: 'listMails',
    tag,
    summary: 'The outbox, newest first.',
    description:
      "Where no mail server is configured the mails are whole, tokens included, so that an operator can hand them on; administrators' mails to administrators only.",
    access: { scope: 'hub:operate', role: 'operator' },
    query: z.object({ ...pageQuery, unsent: flag.default(true).describe('Only those that were not sent.') }),
    answers: { 200: pageSchema(mail) },
    handle: async (call) => {
      const { unsent } = call.query;
      return plain(await listOutbox(parts, signedInCaller(call), { unsent }, readPageRequest(call.query)));
    },
  });
}
