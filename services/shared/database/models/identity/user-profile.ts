import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { json, text } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from './user.ts';

const contactInfo = shape.object({
  optional: {
    phone: shape.string({ max: 40 }),
    address: shape.string({ max: 500 }),
    country: shape.string({ max: 100 }),
    timeZone: shape.string({ max: 64 }),
  },
});

const socialLinks = shape.record(shape.string({ max: 500 }), { max: 20 });

/** What a user tells about themselves; at most one a user. */
export const UserProfile = defineEntity({
  name: 'UserProfile',
  schema: 'identity',
  tableName: 'user_profiles',
  comment: 'What users tell about themselves; at most one row a user.',
  properties: {
    ...base(),
    user: () =>
      immutable(
        p
          .oneToOne(User)
          .inversedBy('profile')
          .ref()
          .owner()
          .deleteRule('cascade')
          .comment('Whose profile it is.'),
      ),
    organization: text({ max: 200 }).nullable().comment('Company, university or group.'),
    bio: text({ max: 5000 }).nullable().comment('About the user, as Markdown.'),
    avatarUrl: text({ max: 2000, pattern: /^https:\/\// })
      .nullable()
      .comment('Address of a picture, https only.'),
    contactInfo: json(contactInfo, { maxBytes: 4096 })
      .defaultRaw(`'{}'`)
      .comment('Phone, address, country, time zone.'),
    socialLinks: json(socialLinks, { maxBytes: 16_384 })
      .defaultRaw(`'{}'`)
      .comment('Addresses by the name of the site.'),
  },
  ...forced,
  policies: [
    policy('user_profiles_own', [serviceRoles.identity], 'all', `user_id = ${actor}`),
    ...upkeep('user_profiles'),
  ],
  triggers: [setsTimes('identity.user_profiles')],
});
export type UserProfile = InferEntity<typeof UserProfile>;
