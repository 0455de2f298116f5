import type { Db } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';

export interface Profile {
  readonly organization: string | null;
  readonly bio: string | null;
  readonly avatarUrl: string | null;
  readonly contactInfo: Readonly<Record<string, string>>;
  readonly socialLinks: Readonly<Record<string, string>>;
}

const columns = `organization, bio, avatar_url as "avatarUrl", contact_info as "contactInfo", social_links as "socialLinks"`;

export async function findProfile(db: Db, userId: string): Promise<Profile | undefined> {
  const { rows } = await db.query<Profile>(
    `select ${columns} from identity.user_profiles where user_id = $1`,
    [userId],
  );
  return rows[0];
}

/** The whole profile, whether or not there was one before. */
export async function putProfile(db: Db, userId: string, profile: Profile): Promise<Profile> {
  const { organization, bio, avatarUrl, contactInfo, socialLinks } = profile;
  const { rows } = await db.query<Profile>(
    `insert into identity.user_profiles (id, user_id, organization, bio, avatar_url, contact_info, social_links)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (user_id) do update
       set organization = excluded.organization, bio = excluded.bio, avatar_url = excluded.avatar_url,
           contact_info = excluded.contact_info, social_links = excluded.social_links
     returning ${columns}`,
    [newId(), userId, organization, bio, avatarUrl, contactInfo, socialLinks],
  );
  return rows[0] as Profile;
}
