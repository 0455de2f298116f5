import { hubError } from '@quantum-hub/kernel';
import type { Actor } from '../actor.ts';
import type { Access } from '../route.ts';

const administrator = 'administrator';

/** Throws what an actor (or nobody) is told by a route that is not theirs: 401, or 403 with what is missing. */
export function checkAccess(access: Access, actor: Actor | undefined): void {
  if (access === 'public') return;
  if (!actor) throw hubError('http.not_signed_in');
  if (access.sessionOnly && actor.via !== 'session') throw hubError('http.session_needed');
  if (actor.scopes !== 'all' && !actor.scopes.includes(access.scope)) {
    throw hubError('http.scope_missing', { scope: access.scope });
  }
  const { role } = access;
  if (role !== undefined && !actor.roles.includes(role) && !actor.roles.includes(administrator)) {
    throw hubError('http.role_missing', { needed: role });
  }
}
