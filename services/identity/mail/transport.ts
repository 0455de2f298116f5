import { type Hidden, hubError } from '@quantum-hub/kernel';
import { createTransport } from 'nodemailer';
import { emailPattern } from '../domain/user-names.ts';

interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for every attempt, so that a mail that came twice can be told from two mails. */
  readonly messageId: string;
}

/** Hands letters to a mail server. */
export interface MailTransport {
  send(letter: Letter): Promise<void>;
  close(): void;
}

export interface MailSettings {
  /** `smtp://user:password@host:587` (STARTTLS where offered; `?requireTLS=true` insists) or `smtps://`. */
  readonly url: Hidden<string>;
  /** `Quantum Hub <hub@example.org>` or the address alone. */
  readonly from: string;
}

const timeoutMs = 30_000;

/** Throws `identity.mail_settings_invalid`, which never carries the password, for settings that can't work. */
export function openTransport({ url, from }: MailSettings): MailTransport {
  const address = /<([^<>]+)>$/.exec(from)?.[1] ?? from;
  if (!emailPattern.test(address)) {
    throw hubError('identity.mail_settings_invalid', { fault: `"${from}" is no address to send from` });
  }
  const protocol = URL.canParse(url.reveal()) ? new URL(url.reveal()).protocol : undefined;
  if (protocol !== 'smtp:' && protocol !== 'smtps:') {
    throw hubError('identity.mail_settings_invalid', {
      fault: 'the address of the mail server is no smtp:// or smtps:// URL',
    });
  }
  const transport = createTransport(
    {
      url: url.reveal(),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // Texts are made here: nothing in them may make the server read a file or fetch an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    send: async (letter) => {
      await transport.sendMail({ ...letter, headers: { 'auto-submitted': 'auto-generated' } });
    },
    close: () => transport.close(),
  };
}
