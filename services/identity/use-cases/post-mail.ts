import type { Db } from '@quantum-hub/database';
import { newId, newSecretKey } from '@quantum-hub/kernel';
import { type EmailTokenPurpose, emailTokenLife } from '../domain/lifetimes.ts';
import type { MailTemplate } from '../domain/mail-texts.ts';
import { putEmailToken } from '../queries/email-tokens.ts';
import { insertMail } from '../queries/outbox.ts';
import type { Sealer } from '../secrets/sealer.ts';

interface Addressee {
  readonly userId: string;
  readonly username: string;
  readonly email: string;
}

const secretKinds = { verify_email: 'verify', reset_password: 'reset' } as const;

/** Puts a mail with a new one-time token into the outbox; the token before it is worth nothing from now on. */
export async function postToken(
  db: Db,
  sealer: Sealer,
  purpose: EmailTokenPurpose,
  { userId, username, email }: Addressee,
): Promise<void> {
  const token = newSecretKey(secretKinds[purpose]);
  const lifeSeconds = emailTokenLife[purpose];
  const expiresAt = await putEmailToken(db, {
    id: newId(),
    userId,
    purpose,
    email,
    hash: token.hash,
    lifeSeconds,
  });
  const id = newId();
  const { sealed, keyId } = sealer.seal(token.secret.reveal(), id);
  await insertMail(db, {
    id,
    userId,
    template: purpose,
    recipient: email,
    parameters: { username },
    sealedToken: sealed,
    sealKeyId: keyId,
    expiresAt,
  });
}

/** Puts a mail without a token into the outbox: news that the owner of an account should hear of. */
export async function postNotice(
  db: Db,
  template: Exclude<MailTemplate, EmailTokenPurpose>,
  { userId, username, email }: { userId: string; username: string; email: string | null },
): Promise<void> {
  if (email === null) return;
  await insertMail(db, { id: newId(), userId, template, recipient: email, parameters: { username } });
}
