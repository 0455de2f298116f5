import type { Authenticate, ServiceRoutes } from '@quantum-hub/http';
import { type Clock, type Hidden, systemClock } from '@quantum-hub/kernel';
import { MailSender } from './mail/mail-sender.ts';
import { type MailSettings, openTransport } from './mail/transport.ts';
import { identityRoutes } from './routes/index.ts';
import { Passwords } from './secrets/passwords.ts';
import { Sealer } from './secrets/sealer.ts';
import { type Authentication, startAuthentication } from './start-authentication.ts';
import type { AccountParticipant, IdentityParts, Limits } from './use-cases/context.ts';
import { tidy } from './use-cases/tidy.ts';

export interface IdentityOptions {
  readonly limiter: Limits;
  /** The server's key: mails that wait are sealed with what is derived from it. */
  readonly secretKey: Hidden<string>;
  /** Where people reach the hub (`https://hub.example.org`); a function where that is known only once it listens. */
  readonly publicUrl: string | (() => string);
  /** Without it mails stay in the outbox, where operators read them. */
  readonly mail?: MailSettings;
  /** Other services that keep data of accounts. */
  readonly participants?: readonly AccountParticipant[];
  readonly passwords?: Passwords;
  readonly clock?: Clock;
  readonly resetFloorMs?: number;
  readonly log?: (message: string, error?: unknown) => void;
}

const tidyEveryMs = 3_600_000;
/** More than the work behind a reset takes, and little for a person. */
const defaultResetFloorMs = 250;

/** Identity at work: its routes, who knows credentials, and what goes on beside requests. Ends before the database does. */
export class Identity implements AsyncDisposable {
  readonly routes: ServiceRoutes;
  readonly authenticate: Authenticate;
  readonly #sender: MailSender | undefined;
  readonly #authentication: Authentication;
  readonly #stop = new AbortController();
  #tidying: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(options: IdentityOptions) {
    const { clock = systemClock, log = () => {} } = options;
    const sealer = new Sealer(options.secretKey);
    const { mail, publicUrl } = options;
    const address = {
      get publicUrl() {
        return (typeof publicUrl === 'function' ? publicUrl() : publicUrl).replace(/\/+$/, '');
      },
    };
    this.#sender = mail && new MailSender({ transport: openTransport(mail), sealer, address, log });
    this.#authentication = startAuthentication({ clock, log });
    this.authenticate = this.#authentication.authenticate;
    const parts: IdentityParts = {
      limiter: options.limiter,
      passwords: options.passwords ?? new Passwords(),
      sealer,
      clock,
      address,
      showsTokens: mail === undefined,
      participants: options.participants ?? [],
      resetFloorMs: options.resetFloorMs ?? defaultResetFloorMs,
      log,
      onMail: () => this.#sender?.wake(),
    };
    this.routes = { service: 'identity', routes: identityRoutes(parts) };
    this.#timer = setInterval(() => this.#tidy(clock, log), tidyEveryMs).unref();
    this.#sender?.wake();
  }

  /** Resolves when what was used and what is to be mailed by now has been written and tried. */
  async settled(): Promise<void> {
    await this.#authentication.settled();
    await this.#sender?.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#tidying;
    await this.#sender?.[Symbol.asyncDispose]();
    await this.#authentication[Symbol.asyncDispose]();
  }

  #tidy(clock: Clock, log: (message: string, error?: unknown) => void): void {
    const done = tidy(clock, this.#stop.signal).catch((error) => log('upkeep of accounts failed', error));
    this.#tidying = this.#tidying.then(async () => void (await done));
  }
}

/** Needs an open database with the roles identity and steward. */
export function startIdentity(options: IdentityOptions): Identity {
  return new Identity(options);
}
