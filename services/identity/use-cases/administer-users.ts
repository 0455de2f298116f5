import { getDb } from '@quantum-hub/database';
import { hubError, type Page, type PageRequest, pageOf } from '@quantum-hub/kernel';
import { type AuditEvent, type AuditFilter, insertAuditEvent, listAuditEvents } from '../queries/audit.ts';
import { dropReset } from '../queries/email-tokens.ts';
import { revokeSessions } from '../queries/sessions.ts';
import {
  findUser,
  listUsers,
  lockAdministrators,
  lockUser,
  type User,
  type UserFilter,
  updateUser,
} from '../queries/users.ts';
import { asUser, eventOf, type SignedIn } from './context.ts';

const steward = { as: 'steward' } as const;

export async function listAllUsers(filter: UserFilter, page: PageRequest): Promise<Page<User>> {
  const rows = await getDb((db) => listUsers(db, filter, { ...page, limit: page.limit + 1 }), steward);
  return pageOf(rows, page.limit);
}

export async function showUser(id: string): Promise<User> {
  const user = await getDb((db) => findUser(db, id), steward);
  if (!user) throw hubError('identity.user_not_found', { user: id });
  return user;
}

export interface UserChanges {
  readonly roles?: readonly string[];
  readonly active?: boolean;
}

/**
 * Gives and takes roles, switches accounts off and on. Not one's own, and never so that no administrator is left. Whatever
 * changes, the user's sessions end, and so does a reset that was mailed: neither outlives the rights that it was made for
 * (an operator may have read the mail of somebody who is an administrator now).
 */
export async function changeUser(
  caller: SignedIn,
  id: string,
  changes: UserChanges,
  precondition: (user: User) => void,
): Promise<User> {
  if (id === caller.actor.userId) throw hubError('identity.own_account');
  return await getDb(async (db) => {
    const administrators = await lockAdministrators(db);
    const user = await lockUser(db, id);
    if (!user || user.anonymisedAt !== null) throw hubError('identity.user_not_found', { user: id });
    precondition(user);
    const stays = (changes.roles ?? user.roles).includes('administrator') && (changes.active ?? user.active);
    if (
      !stays &&
      administrators.every((administrator) => administrator.id === id) &&
      administrators.length > 0
    ) {
      throw hubError('identity.last_administrator', { user: id });
    }
    await revokeSessions(db, id);
    await dropReset(db, id);
    for (const event of eventsOf(user, changes)) await insertAuditEvent(db, eventOf(caller, event));
    return await updateUser(db, id, changes);
  }, steward);
}

function eventsOf({ id, roles: before, active }: User, changes: UserChanges) {
  const common = { outcome: 'success', userId: id } as const;
  const events: {
    action: 'roles.changed' | 'account.activated' | 'account.deactivated';
    outcome: 'success';
    userId: string;
    details?: Record<string, string>;
  }[] = [];
  if (changes.roles) {
    const details = { before: before.join(' '), after: changes.roles.join(' ') };
    events.push({ ...common, action: 'roles.changed', details });
  }
  if (changes.active !== undefined && changes.active !== active) {
    events.push({ ...common, action: changes.active ? 'account.activated' : 'account.deactivated' });
  }
  return events;
}

/** One's own events; an administrator who asks for all sees everybody's. */
export async function listEvents(
  { actor }: SignedIn,
  { everybody, ...filter }: AuditFilter & { readonly everybody: boolean },
  page: PageRequest,
): Promise<Page<AuditEvent>> {
  const isAdministrator = actor.roles.includes('administrator');
  if (everybody && !isAdministrator) throw hubError('http.role_missing', { needed: 'administrator' });
  const wanted = everybody ? filter : { ...filter, userId: actor.userId };
  const scope = everybody ? steward : asUser(actor.userId);
  const rows = await getDb((db) => listAuditEvents(db, wanted, { ...page, limit: page.limit + 1 }), scope);
  return pageOf(rows, page.limit);
}
