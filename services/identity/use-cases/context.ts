import { isIP } from 'node:net';
import type { Actor, Attempt } from '@quantum-hub/http';
import type { Clock } from '@quantum-hub/kernel';
import type { NewAuditEvent } from '../queries/audit.ts';
import type { Passwords } from '../secrets/passwords.ts';
import type { Sealer } from '../secrets/sealer.ts';

/** Another service that keeps data of accounts. */
export interface AccountParticipant {
  readonly service: string;
  /** All that the service keeps of the user, as JSON. */
  exportAccount(userId: string, signal: AbortSignal): Promise<unknown>;
  /** What must end with the account (jobs that wait); throws to refuse. May be called again after a refusal elsewhere. */
  beforeDeletion?(userId: string): Promise<void>;
  /**
   * Takes out what the service keeps of the person, once the account has ended for good. Called again for some days
   * (`clearDeletedAccounts`), so that nothing stays where it failed or came late.
   */
  afterDeletion?(userId: string): Promise<void>;
}

/** The stricter limits of the http room. */
export interface Limits {
  /** Throws `http.rate_limited`. */
  take(name: 'sign-in' | 'sign-up' | 'reset', attempt: Attempt): Promise<void>;
  /** False where `take` throws, after the same time in any case. */
  takeQuietly(name: 'sign-in', attempt: Attempt): Promise<boolean>;
}

/** What the use cases of identity work with. */
export interface IdentityParts {
  readonly limiter: Limits;
  readonly passwords: Passwords;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Where people reach the hub, without a slash at the end; read when it is written down. */
  readonly address: { readonly publicUrl: string };
  /** Whether operators see the tokens in mails: only where no mail server is configured. */
  readonly showsTokens: boolean;
  readonly participants: readonly AccountParticipant[];
  /** Answers to "I forgot my password" come no sooner, in milliseconds. */
  readonly resetFloorMs: number;
  /** For what goes wrong after the answer is certain. */
  readonly log: (message: string, error?: unknown) => void;
  /** Told when a mail was put into the outbox. */
  readonly onMail: () => void;
}

/** Who asks, from where. */
export interface Caller {
  readonly actor?: Actor;
  readonly address: string;
  readonly userAgent?: string;
  /** As the log of the server names the request. */
  readonly requestId?: string;
}
export type SignedIn = Caller & { readonly actor: Actor };

type Facts = Omit<NewAuditEvent, 'actorId' | 'credentialId' | 'ipAddress' | 'userAgent' | 'requestId'>;

/** An event of the audit log with what is known of the caller. */
export function eventOf(caller: Caller, facts: Facts): NewAuditEvent {
  const { actor, userAgent, requestId } = caller;
  return {
    ...facts,
    actorId: actor?.userId,
    credentialId: actor?.credentialId,
    ipAddress: plainAddress(caller.address),
    userAgent,
    requestId,
  };
}

/** The address as `inet` takes it: without the zone of a link-local one. */
export function plainAddress(address: string): string | undefined {
  const plain = address.replace(/%.*$/, '');
  return isIP(plain) ? plain : undefined;
}

/** A unit of work as the identity service for this user. */
export function asUser(userId: string) {
  return { as: 'identity', actor: userId } as const;
}
