/** How long things last, in seconds, and how soon a mail is tried again. */
const minutes = 60;
const hours = 60 * minutes;
const days = 24 * hours;

/** A session ends a week after its last use, and a month after it began. */
export const sessionLife = { idleSeconds: 7 * days, absoluteSeconds: 30 * days } as const;

export const emailTokenPurposes = ['verify_email', 'reset_password'] as const;
export type EmailTokenPurpose = (typeof emailTokenPurposes)[number];

/** A reset opens an account, so it is short; an address may be proven at leisure. */
export const emailTokenLife: Readonly<Record<EmailTokenPurpose, number>> = {
  verify_email: 3 * days,
  reset_password: 1 * hours,
};

/** The replaced key goes on for a day, so that programs can be changed one by one. */
export const keyOverlap = { defaultSeconds: 1 * days, maxSeconds: 30 * days } as const;

/** Uses of sessions and keys are written at most this often. */
export const useIntervalSeconds = 1 * minutes;

/** What upkeep removes, and when. Audit events have the retention of their table's policy. */
export const kept = { endedSessionsSeconds: 90 * days, mailsSeconds: 30 * days } as const;

/** A mail is given up after so many attempts: ten, over about half a day. */
export const mailAttempts = 10;

/** How long to wait after the nth failed attempt (from 1): 30 s, doubled each time, three hours at most. */
export function mailDelaySeconds(attempts: number): number {
  return Math.min(3 * hours, 30 * 2 ** (Math.max(1, attempts) - 1));
}
