import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { flag, instant, setOf, text } from '../declaration/fields.ts';
import { actor, forced, policy, signInReads, stewardship, upkeep } from '../declaration/row-security.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { Project } from '../development/project.ts';
import { QuantumApp } from '../development/quantum-app.ts';
import { Job } from '../execution/job.ts';
import { Subscription } from '../marketplace/subscription.ts';
import { UserApiKey } from './user-api-key.ts';
import { UserProfile } from './user-profile.ts';
import { UserSession } from './user-session.ts';

export const userRoles = ['consumer', 'developer', 'provider', 'operator', 'administrator'] as const;

/** Letters, digits, `_`, `.` and `-`, beginning with a letter or digit: ASCII only, since lower() in the C locale knows no other. */
const usernamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** A rough form only: whether an address works is shown by a mail that arrives. ASCII; other domains in punycode. */
export const emailPattern = /^[!-?A-~]+@[A-Za-z0-9.-]+$/;

/** A person or organisation with an account. Never deleted once it has jobs, money or published versions: it is anonymised. */
export const User = defineEntity({
  name: 'User',
  schema: 'identity',
  tableName: 'users',
  comment: 'People and organisations with an account.',
  properties: {
    ...base(),
    username: text({ min: 2, max: 40, pattern: usernamePattern }).comment(
      'The public name, unique without regard to case.',
    ),
    email: text({ min: 3, max: 254, pattern: emailPattern })
      .nullable()
      .comment(
        'The address for mail and sign-in, unique without regard to case; null until it was shown to be theirs.',
      ),
    fullName: text({ max: 200 }).nullable().comment('The name as the person writes it.'),
    passwordHash: text({ min: 20, max: 255, pattern: /^\$argon2id\$/ })
      .nullable()
      .hidden()
      .comment('Argon2id hash of the password, in PHC form; null where sign-in is by another way.'),
    roles: setOf(userRoles).defaultRaw(`'{consumer}'`).comment('What the user may do in the hub.'),
    active: flag().default(true).comment('False: can neither sign in nor use a key.'),
    anonymisedAt: instant()
      .nullable()
      .comment('When the owner deleted the account; the row stays for jobs and money, the person is gone.'),
    verified: flag().default(false).comment('Whether the address has been shown to be theirs.'),
    isProvider: flag().default(false).comment('Whether the user may sell on the marketplace.'),
    lastLoginAt: instant().nullable().comment('When the user last signed in.'),
    profile: () => p.oneToOne(UserProfile).mappedBy('user').nullable(),
    apiKeys: () => p.oneToMany(UserApiKey).mappedBy('user'),
    sessions: () => p.oneToMany(UserSession).mappedBy('user'),
    projects: () => p.oneToMany(Project).mappedBy('owner'),
    apps: () => p.oneToMany(QuantumApp).mappedBy('developer'),
    subscriptions: () => p.oneToMany(Subscription).mappedBy('user'),
    jobs: () => p.oneToMany(Job).mappedBy('user'),
  },
  uniques: [
    {
      name: 'users_username_key',
      expression: 'create unique index "users_username_key" on "identity"."users" (lower("username"))',
    },
    {
      name: 'users_email_key',
      expression: 'create unique index "users_email_key" on "identity"."users" (lower("email"))',
    },
  ],
  ...forced,
  policies: [
    policy('users_own', [serviceRoles.identity], 'all', `id = ${actor}`),
    stewardship('users'),
    signInReads('users'),
    ...upkeep('users'),
  ],
  triggers: [setsTimes('identity.users')],
});
export type User = InferEntity<typeof User>;
