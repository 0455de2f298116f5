import { getDb } from '@quantum-hub/database';
import { mailAttempts, mailDelaySeconds } from '../domain/lifetimes.ts';
import { mailText } from '../domain/mail-texts.ts';
import {
  claimDueMails,
  markFailed,
  markSent,
  type OutboxMail,
  secondsToNextMail,
} from '../queries/outbox.ts';
import type { Sealer } from '../secrets/sealer.ts';
import type { MailTransport } from './transport.ts';

const steward = { as: 'steward' } as const;

/** Longer than any attempt takes: until then no other process takes the mail, and after a crash it is taken again. */
const claimSeconds = 180;
const atOnce = 10;
/** Mails of other processes are found at the latest after this long. */
const longestPauseMs = 60_000;

export interface SenderOptions {
  readonly transport: MailTransport;
  readonly sealer: Sealer;
  /** Where people reach the hub, when the mail is sent. */
  readonly address: { readonly publicUrl: string };
  readonly log: (message: string, error?: unknown) => void;
}

/** Sends what is in the outbox: at once when woken, later what failed, each mail at least once. Several may run at once. */
export class MailSender implements AsyncDisposable {
  readonly #options: SenderOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #wanted = false;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** There may be something to send. Returns at once. */
  wake(): void {
    this.#wanted = true;
    if (this.#stopped || this.#running) return;
    clearTimeout(this.#timer);
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#wanted) this.wake();
    });
  }

  /** Resolves when what was woken for has been tried. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.settled();
    this.#options.transport.close();
  }

  async #run(): Promise<void> {
    this.#wanted = false;
    let pauseMs = longestPauseMs;
    try {
      while (!this.#stopped && (await this.#sendSome()) === atOnce);
      const seconds = await getDb(secondsToNextMail, { ...steward, readOnly: true });
      if (seconds !== undefined) pauseMs = Math.min(longestPauseMs, Math.max(1000, seconds * 1000));
    } catch (error) {
      this.#options.log('the outbox could not be read', error);
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), pauseMs).unref();
  }

  async #sendSome(): Promise<number> {
    const mails = await getDb((db) => claimDueMails(db, atOnce, claimSeconds), steward);
    await Promise.all(mails.map((mail) => this.#send(mail)));
    return mails.length;
  }

  async #send(mail: OutboxMail): Promise<void> {
    const { transport, address, log } = this.#options;
    const { publicUrl } = address;
    try {
      const { subject, text } = mailText({ ...mail, token: this.#tokenOf(mail), publicUrl });
      const messageId = `<${mail.id}@${new URL(publicUrl).hostname}>`;
      await transport.send({ to: mail.recipient, subject, text, messageId });
    } catch (error) {
      const isLast = mail.attempts >= mailAttempts;
      const retryInSeconds = isLast ? null : mailDelaySeconds(mail.attempts);
      const reason = error instanceof Error ? error.message : String(error);
      await getDb((db) => markFailed(db, mail.id, { error: reason, retryInSeconds }), steward);
      log(`mail ${mail.id} was not sent (attempt ${mail.attempts}${isLast ? ', given up' : ''})`, error);
      return;
    }
    await getDb((db) => markSent(db, mail.id), steward);
  }

  #tokenOf({ id, sealedToken, sealKeyId }: OutboxMail): string | undefined {
    if (sealedToken === null || sealKeyId === null) return undefined;
    return this.#options.sealer.open({ sealed: sealedToken, keyId: sealKeyId }, id);
  }
}
