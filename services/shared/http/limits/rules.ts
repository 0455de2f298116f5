import type { LimitName } from '../route.ts';

/** So many within so many seconds, counted from the first. */
export interface LimitRule {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** The stricter limits have several counts: whoever tries many accounts has one address, whoever tries one has many. */
interface StrictRule {
  readonly address: LimitRule;
  readonly account: LimitRule;
  /** One address at one account; lower than the account's, so that a stranger locks nobody out of their own account. */
  readonly both: LimitRule;
}

export interface LimitRules extends Readonly<Record<LimitName, StrictRule>> {
  /** Of a session, and of a key that has no limit of its own. */
  readonly credential: LimitRule;
  /** Of an address, whoever calls from it: higher, since a whole office may share one. */
  readonly address: LimitRule;
  /** Of an address, for requests that name no valid credential: what guessing keys gets. */
  readonly anonymous: LimitRule;
}

const minutes = (count: number) => count * 60;
const rule = (requests: number, windowSeconds: number): LimitRule => ({ requests, windowSeconds });

export const defaultLimits: LimitRules = {
  credential: rule(1200, minutes(1)),
  address: rule(6000, minutes(1)),
  anonymous: rule(300, minutes(1)),
  'sign-in': { address: rule(60, minutes(15)), account: rule(50, minutes(15)), both: rule(10, minutes(15)) },
  'sign-up': { address: rule(20, minutes(60)), account: rule(10, minutes(60)), both: rule(5, minutes(60)) },
  reset: { address: rule(20, minutes(60)), account: rule(5, minutes(60)), both: rule(3, minutes(60)) },
};
