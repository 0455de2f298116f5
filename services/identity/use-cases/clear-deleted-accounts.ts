import { getDb } from '@quantum-hub/database';
import { type Clock, systemClock } from '@quantum-hub/kernel';
import { listDeletedAccounts } from '../queries/tidying.ts';
import type { AccountParticipant } from './context.ts';

/** A run that was to be stopped has ended long before, and a hub that stood still for a week does what it missed. */
const againForDays = 14;

/**
 * Lets the services clear once more what they keep of the accounts that were deleted of late: where it failed, and what was on its way when
 * the account ended. Needs an open database with the role steward. Gives how many accounts there were.
 */
export async function clearDeletedAccounts(
  participants: readonly AccountParticipant[],
  clock: Clock = systemClock,
): Promise<number> {
  const since = new Date(clock().getTime() - againForDays * 86_400_000);
  const ids = await getDb((db) => listDeletedAccounts(db, since), { as: 'steward', readOnly: true });
  for (const id of ids) for (const participant of participants) await participant.afterDeletion?.(id);
  return ids.length;
}
