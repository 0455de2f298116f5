import { isUuid } from '@quantum-hub/kernel';
import { type ActingName, roleOf } from '../provision/roles.ts';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

/** As whom, for whom and how a unit of work runs. */
export interface Scope {
  /** The role: one of the services, `worker`, `maintenance` or `backup`. */
  readonly as: ActingName;
  /** The user whose rows may be seen (UUID). Without one, row security shows none of anybody's. */
  readonly actor?: string;
  /** `read committed` unless said otherwise. */
  readonly isolation?: Isolation;
  readonly readOnly?: boolean;
  /**
   * The work asks one statement. Where it only reads, the commit is sent along: opening, statement and commit in one round trip. A second
   * statement is refused.
   */
  readonly single?: boolean;
  /**
   * Named statements are planned once a connection, whatever their values, and walk indexes in their order: for statements that
   * find rows by whole keys, whose planning costs as much as running them. Behind a pooler, which keeps no statements, it changes nothing.
   */
  readonly keepPlans?: boolean;
  /** Aborting it cancels the running statement and rolls back. */
  readonly signal?: AbortSignal;
  /** How often `getDb` runs the work at most, when transactions get in each other's way; default 5. */
  readonly tries?: number;
  /** How long to wait for the answer to a statement before the connection is given up; default 60 s, 0 for ever. */
  readonly answerTimeoutMs?: number;
}

const isolations: readonly string[] = ['read committed', 'repeatable read', 'serializable'];

/** Role, isolation and access mode have few combinations: the text before the actor is made once for each. */
const prefixes = new Map<string, string>();

/**
 * A kept plan outlives the sizes it was made for. While a table is empty, reading it whole or sorting all that an index finds costs
 * nothing: what is kept walks indexes, in their order.
 */
const keptPlans = ['plan_cache_mode = force_generic_plan', 'enable_seqscan = off', 'enable_sort = off']
  .map((setting) => `; set local ${setting}`)
  .join('');

function prefixOf({ as, isolation, readOnly, keepPlans }: Scope): string {
  const key = `${as}|${isolation ?? ''}|${readOnly ?? ''}|${keepPlans ?? ''}`;
  const known = prefixes.get(key);
  if (known !== undefined) return known;
  if (isolation !== undefined && !isolations.includes(isolation)) {
    throw new TypeError(`The isolation level is "${isolation}"; expected ${isolations.join(', ')}.`);
  }
  const level = isolation ? ` isolation level ${isolation}` : '';
  const access = readOnly ? ' read only' : '';
  const plans = keepPlans ? keptPlans : '';
  const prefix = `begin${level}${access}; set local role "${roleOf(as)}"${plans}; set local qhub.actor = '`;
  prefixes.set(key, prefix);
  return prefix;
}

/** Added the first time a connection acts as a role: what the role may and which process answers. */
const inspection = `; select r.rolsuper as superuser, r.rolbypassrls as bypasses, pg_catalog.pg_backend_pid() as pid
  from pg_catalog.pg_roles r where r.rolname = current_user`;

export interface Inspection {
  superuser: boolean;
  bypasses: boolean;
  pid: number;
}

/**
 * The one message that opens a unit of work: transaction, role and actor together, because three round trips cost three
 * times as much as one (measured: begin, role, actor, query and commit take three times a lone prepared select). `set
 * local` does what `set_config(..., true)` does without a plan and a row (measured: 12 to 30 percent of the whole unit).
 */
export function openingMessage(scope: Scope, inspect: boolean): string {
  const actor = scope.actor ?? '';
  // The actor is the only value put into the text: nothing but a UUID may reach it.
  if (actor !== '' && !isUuid(actor)) {
    throw new TypeError('The actor of a unit of work is not a UUID; expected the id of a user.');
  }
  return `${prefixOf(scope)}${actor}'${inspect ? inspection : ''}`;
}
