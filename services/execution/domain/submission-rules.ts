import { type HubError, hubError } from '@quantum-hub/kernel';
import type { Priority } from './submission.ts';

const DAY_MS = 86_400_000;
/** How far ahead a job may be scheduled: it keeps its place in the database for as long. */
const furthestScheduleDays = 30;
/** Clocks differ: a time that is over by no more than this is now. */
const clockSlackMs = 300_000;

/** By the highest of a user's roles; whoever has none of these may ask for low and normal. */
const allowed: Readonly<Record<string, readonly Priority[]>> = {
  developer: ['low', 'normal', 'high'],
  provider: ['low', 'normal', 'high'],
  operator: ['low', 'normal', 'high', 'urgent'],
  administrator: ['low', 'normal', 'high', 'urgent'],
};
const forEverybody: readonly Priority[] = ['low', 'normal'];

export function prioritiesOf(roles: readonly string[]): readonly Priority[] {
  const lists = roles.map((role) => allowed[role] ?? forEverybody);
  return lists.reduce((most, list) => (list.length > most.length ? list : most), forEverybody);
}

/** Priorities order a user's own jobs and decide between users who waited equally long: they are not for everybody. */
export function priorityRefusal(roles: readonly string[], priority: Priority): HubError | undefined {
  const list = prioritiesOf(roles);
  if (list.includes(priority)) return undefined;
  return hubError('execution.priority_not_allowed', { priority, allowed: list.join(', ') });
}

export function scheduleRefusal(scheduledFor: Date, now: Date): HubError | undefined {
  const ahead = scheduledFor.getTime() - now.getTime();
  if (ahead >= -clockSlackMs && ahead <= furthestScheduleDays * DAY_MS) return undefined;
  return hubError('execution.schedule_out_of_range', {
    at: scheduledFor.toISOString(),
    from: now.toISOString(),
    to: new Date(now.getTime() + furthestScheduleDays * DAY_MS).toISOString(),
  });
}

/** The first line of a program that says something, for a job without a name. */
export function nameOf(source: string, device: string): string {
  const comment = /^\s*\/\/\s*(\S.*)$/m.exec(source.slice(0, 2000))?.[1];
  const name = (comment ?? '').replace(/\p{Cc}/gu, ' ').trim();
  // Counted in characters: half of a pair can't be stored.
  return [...name].slice(0, 100).join('') || `a job on ${device}`;
}
