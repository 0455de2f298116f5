/** What identity's routes take and give. Examples stand with the schemas; a test of the http room holds them to them. */
import { z } from 'zod';
import { passwordLength } from '../domain/password-rules.ts';
import { apiKeyScopes, userRoles } from '../domain/scopes.ts';
import { emailPattern, usernamePattern } from '../domain/user-names.ts';

const id = '01939c5e-7d3a-7f2b-9c41-5a8e2b6d1f07';
const time = '2026-11-23T09:30:00.000Z';
export const exampleId = id;
export const exampleTime = time;

export const idParams = z.object({ id: z.guid().meta({ description: 'Its id.', examples: [id] }) });
export const instant = z.iso.datetime({ offset: true }).meta({ examples: [time] });
export const username = z
  .string()
  .min(2)
  .max(40)
  .regex(usernamePattern, 'expected letters, digits, `_`, `.` and `-`, and a letter or digit first')
  .meta({
    description: 'Letters, digits, `_`, `.` and `-`; unique without regard to case, and public.',
    examples: ['ada'],
  });
export const email = z
  .string()
  .min(3)
  .max(254)
  .regex(emailPattern, 'expected an address such as ada@example.org')
  .meta({ examples: ['ada@example.org'] });
export const fullName = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ['Ada Lovelace'] });
/** What is typed where a password is asked for: judged by the hash, not by the rules of today. */
export const typedPassword = z.string().min(1).max(1000).meta({ format: 'password' });
export const newPassword = z
  .string()
  .min(1)
  .max(1000)
  .meta({
    format: 'password',
    description: `${passwordLength.min} to ${passwordLength.max} characters, no common one, not made of the user name or address.`,
    examples: ['marble otter sings at noon'],
  });
export const token = z.string().min(1).max(200).meta({ description: 'The token in the mail, whole.' });
export const scopes = z
  .array(z.enum(apiKeyScopes))
  .max(apiKeyScopes.length)
  .refine((all) => new Set(all).size === all.length, 'expected no scope twice')
  .meta({ examples: [['execution:read', 'execution:write']] });
export const roles = z
  .array(z.enum(userRoles))
  .max(userRoles.length)
  .refine((all) => new Set(all).size === all.length, 'expected no role twice')
  .meta({ examples: [['consumer', 'developer']] });

export const account = z
  .object({
    id: z.guid(),
    username: z.string(),
    email: z.string().nullable().describe('The address that was shown to be theirs.'),
    pendingEmail: z.string().nullable().describe('An address that waits to be confirmed.'),
    fullName: z.string().nullable(),
    roles: z.array(z.string()),
    verified: z.boolean(),
    hasPassword: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
    lastLoginAt: instant.nullable(),
  })
  .meta({
    id: 'Account',
    examples: [
      {
        id,
        username: 'ada',
        email: 'ada@example.org',
        pendingEmail: null,
        fullName: 'Ada Lovelace',
        roles: ['consumer'],
        verified: true,
        hasPassword: true,
        createdAt: time,
        updatedAt: time,
        lastLoginAt: time,
      },
    ],
  });

export const session = z
  .object({
    id: z.guid(),
    issuedAt: instant,
    expiresAt: instant,
    lastSeenAt: instant.describe('When it was last used; may lag by a minute.'),
    ipAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    current: z.boolean().describe('Whether this request was made with it.'),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        id,
        issuedAt: time,
        expiresAt: time,
        lastSeenAt: time,
        ipAddress: '192.0.2.1',
        userAgent: 'qhub/0.1',
        current: true,
      },
    ],
  });

export const openedSession = z
  .object({
    id: z.guid(),
    token: z.string().optional().describe('Shown this once; absent when the session is kept in a cookie.'),
    expiresAt: instant.describe('Unused for a week it ends earlier.'),
  })
  .meta({ id: 'OpenedSession', examples: [{ id, token: 'qh_session_...', expiresAt: time }] });

const keyShape = {
  id: z.guid(),
  name: z.string(),
  prefix: z.string().describe('The first characters of the key, to recognise it by.'),
  scopes: z.array(z.string()),
  status: z.enum(['active', 'expired', 'revoked']),
  rateLimitRequests: z.int(),
  rateLimitWindowSeconds: z.int(),
  createdAt: instant,
  updatedAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable().describe('May lag by a minute.'),
  replacesId: z.guid().nullable().describe('The key that it was made to replace.'),
};
const keyExample = {
  id,
  name: 'laptop',
  prefix: 'qh_live_a1B2c3',
  scopes: ['execution:read', 'execution:write'],
  status: 'active' as const,
  rateLimitRequests: 1000,
  rateLimitWindowSeconds: 900,
  createdAt: time,
  updatedAt: time,
  expiresAt: null,
  lastUsedAt: time,
  replacesId: null,
};
export const apiKey = z.object(keyShape).meta({ id: 'ApiKey', examples: [keyExample] });
export const shownKey = z
  .object({ ...keyShape, key: z.string().describe('The key itself, shown this once.') })
  .meta({ id: 'ShownApiKey', examples: [{ ...keyExample, key: 'qh_live_...' }] });

const text = (max: number) => z.string().max(max);
export const profile = z
  .strictObject({
    organization: text(200).nullable().default(null),
    bio: text(5000).nullable().default(null).describe('About the user, as Markdown.'),
    avatarUrl: text(2000)
      .regex(/^https:\/\//)
      .nullable()
      .default(null),
    contactInfo: z
      .strictObject({
        phone: text(40).optional(),
        address: text(500).optional(),
        country: text(100).optional(),
        timeZone: text(64).optional(),
      })
      .default({}),
    socialLinks: z
      .record(z.string().max(100), text(500))
      .refine((links) => Object.keys(links).length <= 20, 'expected at most 20 links')
      .default({}),
  })
  .meta({
    id: 'Profile',
    examples: [
      {
        organization: 'Example University',
        bio: 'Works on error correction.',
        avatarUrl: null,
        contactInfo: { country: 'Germany', timeZone: 'Europe/Berlin' },
        socialLinks: { orcid: 'https://orcid.org/0000-0000-0000-0000' },
      },
    ],
  });

export const auditEvent = z
  .object({
    id: z.guid(),
    occurredAt: instant,
    action: z.string(),
    outcome: z.string(),
    userId: z.guid().nullable().describe('Whose account it is about; null: of none that exists.'),
    actorId: z.guid().nullable().describe('Who did it; null: nobody signed in, or the host itself.'),
    credentialId: z.guid().nullable(),
    target: z.string().nullable(),
    ipAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z
      .string()
      .nullable()
      .describe('The request, as `x-request-id` and the log of the server name it; null: the host itself.'),
    details: z.record(z.string(), z.string()),
  })
  .meta({
    id: 'AuditEvent',
    examples: [
      {
        id,
        occurredAt: time,
        action: 'key.created',
        outcome: 'success',
        userId: id,
        actorId: id,
        credentialId: id,
        target: id,
        ipAddress: '192.0.2.1',
        userAgent: 'qhub/0.1',
        requestId: '4f8c2a1e-6f0d-4c8b-9a57-1b2c3d4e5f60',
        details: { scopes: 'execution:read' },
      },
    ],
  });

export const user = z
  .object({
    id: z.guid(),
    username: z.string(),
    email: z.string().nullable(),
    fullName: z.string().nullable(),
    roles: z.array(z.string()),
    active: z.boolean(),
    verified: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
    lastLoginAt: instant.nullable(),
    anonymisedAt: instant.nullable().describe('When the owner deleted the account.'),
  })
  .meta({
    id: 'User',
    examples: [
      {
        id,
        username: 'ada',
        email: 'ada@example.org',
        fullName: null,
        roles: ['consumer'],
        active: true,
        verified: true,
        createdAt: time,
        updatedAt: time,
        lastLoginAt: time,
        anonymisedAt: null,
      },
    ],
  });

export const mail = z
  .object({
    id: z.guid(),
    userId: z.guid(),
    username: z.string(),
    template: z.string(),
    recipient: z.string(),
    parameters: z.record(z.string(), z.string()),
    subject: z.string(),
    text: z
      .string()
      .nullable()
      .describe('The whole mail; null where its token is gone or must not be shown.'),
    createdAt: instant,
    expiresAt: instant.nullable(),
    attempts: z.int(),
    nextAttemptAt: instant.nullable(),
    sentAt: instant.nullable(),
    lastError: z.string().nullable(),
  })
  .meta({
    id: 'Mail',
    examples: [
      {
        id,
        userId: id,
        username: 'ada',
        template: 'password_changed',
        recipient: 'ada@example.org',
        parameters: { username: 'ada' },
        subject: 'Your password for Quantum Hub was changed',
        text: 'Hello, ...',
        createdAt: time,
        expiresAt: null,
        attempts: 0,
        nextAttemptAt: time,
        sentAt: null,
        lastError: null,
      },
    ],
  });
