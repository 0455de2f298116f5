import { createHash } from 'node:crypto';
import type { AnswerHeaders } from '../answers/answer.ts';
import { problem } from '../errors/problem.ts';
import { type Taken, takeFromWindow } from '../queries/rate-windows.ts';
import type { ServiceRole } from '../queries/service-role.ts';
import type { LimitName } from '../route.ts';
import { addressGroup } from './address.ts';
import { defaultLimits, type LimitRule, type LimitRules } from './rules.ts';

/** The windows that all processes share. */
export type TakeFromWindow = (key: Buffer, wanted: number, rule: LimitRule) => Promise<Taken>;

export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly windowSeconds: number;
}

/** What this process took of a window ahead, to spend without asking. */
interface Share {
  left: number;
  free: number;
  /** No more is to be had before the end. */
  spent: boolean;
  readonly endsAt: number;
}

/** Shares beyond this many are forgotten, ended ones first: a flood of addresses must not fill the memory. */
const mostShares = 100_000;

/**
 * Counts requests over all processes. A process takes a twentieth of a limit at a time from the window in the database and
 * spends it from memory, so that a request seldom asks. Never more than the limit is let through; with P processes up to
 * (P - 1)/20 of it may be refused early, when others hold shares that they don't use. The stricter limits take one by one.
 */
export class Limiter {
  readonly rules: LimitRules;
  readonly #take: TakeFromWindow;
  readonly #shares = new Map<string, Share>();
  readonly #refills = new Map<string, Promise<void>>();
  readonly #clock: () => number;

  constructor(take: TakeFromWindow, rules: LimitRules, clock: () => number = () => performance.now()) {
    this.#take = take;
    this.rules = rules;
    this.#clock = clock;
  }

  /**
   * Counts one attempt at an account (an address of e-mail or a name, whether or not there is such an account), and with
   * `address` also one of this address at this account. Throws `http.rate_limited` (429).
   */
  async take(name: LimitName, { account, address }: { account: string; address?: string }): Promise<void> {
    const { account: byAccount, both } = this.rules[name];
    const folded = account.normalize('NFKC').trim().toLowerCase();
    if (address !== undefined) await this.count(`${name} both ${addressGroup(address)} ${folded}`, both, 1);
    await this.count(`${name} account ${folded}`, byAccount, 1);
  }

  /** Counts one attempt of an address, at the door. */
  async takeAtDoor(name: LimitName, address: string): Promise<LimitState> {
    return await this.count(`${name} address ${addressGroup(address)}`, this.rules[name].address, 1);
  }

  /** Counts one request of whatever the subject names, and throws `http.rate_limited` when there were too many. */
  async count(subject: string, rule: LimitRule, most = sharesOf(rule)): Promise<LimitState> {
    const id = createHash('sha256').update(subject).digest('base64');
    for (;;) {
      const share = this.#shares.get(id);
      const now = this.#clock();
      if (share && share.endsAt > now) {
        const resetSeconds = Math.max(1, Math.ceil((share.endsAt - now) / 1000));
        if (share.left > 0) {
          share.left -= 1;
          return stateOf(rule, share.left + share.free, resetSeconds);
        }
        if (share.spent) throw limited(rule, resetSeconds);
      }
      await this.#refill(id, rule, most);
    }
  }

  /** Requests that come at once wait for one refill. */
  #refill(id: string, rule: LimitRule, wanted: number): Promise<void> {
    const pending = this.#refills.get(id) ?? this.#ask(id, rule, wanted);
    this.#refills.set(id, pending);
    return pending;
  }

  async #ask(id: string, rule: LimitRule, wanted: number): Promise<void> {
    try {
      const { granted, free, resetMs } = await this.#take(Buffer.from(id, 'base64'), wanted, rule);
      this.#forgetSome();
      this.#shares.set(id, {
        left: granted,
        free,
        spent: granted < wanted || free === 0,
        endsAt: this.#clock() + Math.max(1, resetMs),
      });
    } finally {
      this.#refills.delete(id);
    }
  }

  #forgetSome(): void {
    if (this.#shares.size < mostShares) return;
    const now = this.#clock();
    for (const [id, share] of this.#shares) if (share.endsAt <= now) this.#shares.delete(id);
    for (const id of this.#shares.keys()) {
      if (this.#shares.size < mostShares / 2) break;
      this.#shares.delete(id);
    }
  }
}

/** The limiter of a process; its windows are in the database that is open, as one of the services of the process. */
export function createLimiter(as: ServiceRole, rules: Partial<LimitRules> = {}): Limiter {
  return new Limiter(
    (key, wanted, { requests, windowSeconds }) =>
      takeFromWindow(as, key, wanted, { limit: requests, windowSeconds }),
    { ...defaultLimits, ...rules },
  );
}

/** Counts in this process alone, without the database: a whole window is its own. */
export function createOwnLimiter(rules: LimitRules): Limiter {
  return new Limiter(
    async (_key, _wanted, { requests, windowSeconds }) => ({
      granted: requests,
      free: 0,
      resetMs: windowSeconds * 1000,
    }),
    rules,
  );
}

const sharesOf = ({ requests }: LimitRule) => Math.max(1, Math.floor(requests / 20));

function stateOf(rule: LimitRule, remaining: number, resetSeconds: number): LimitState {
  return { limit: rule.requests, windowSeconds: rule.windowSeconds, remaining, resetSeconds };
}

/** The fields of draft-ietf-httpapi-ratelimit-headers-10. */
export function limitHeaders({ limit, remaining, resetSeconds, windowSeconds }: LimitState): AnswerHeaders {
  return {
    'ratelimit-policy': `"default";q=${limit};w=${windowSeconds}`,
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
  };
}

function limited(rule: LimitRule, resetSeconds: number) {
  return problem(
    'http.rate_limited',
    { limit: rule.requests, window: rule.windowSeconds, retryAfter: resetSeconds },
    { headers: { ...limitHeaders(stateOf(rule, 0, resetSeconds)), 'retry-after': String(resetSeconds) } },
  );
}
