import { getDb } from '@quantum-hub/database';
import { isHubError, type Page, type PageRequest, pageOf } from '@quantum-hub/kernel';
import { mailText } from '../domain/mail-texts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { type ListedMail, listMails } from '../queries/outbox.ts';
import { eventOf, type IdentityParts, type SignedIn } from './context.ts';

export interface ShownMail extends Omit<ListedMail, 'sealedToken' | 'sealKeyId' | 'toAdministrator'> {
  readonly subject: string;
  /** The whole mail; null where its token must not be shown or is gone. */
  readonly text: string | null;
}

const hasToken = (template: string) => template === 'verify_email' || template === 'reset_password';

/**
 * The outbox, for operators. Where no mail server is configured they hand the mails on, so that tokens are shown; each
 * time that one is, the log of its account says so. An administrator's are shown to administrators only, or an operator
 * could become one by a new password.
 */
export async function listOutbox(
  parts: IdentityParts,
  caller: SignedIn,
  filter: { readonly unsent: boolean },
  page: PageRequest,
): Promise<Page<ShownMail>> {
  return await getDb(
    async (db) => {
      const rows = await listMails(db, filter, { ...page, limit: page.limit + 1 });
      const { items, nextCursor } = pageOf(rows, page.limit);
      const shown: ShownMail[] = [];
      for (const mail of items) {
        const token = mayShow(parts, caller, mail) ? opened(parts, mail) : undefined;
        if (token !== undefined) {
          const event = {
            action: 'mail.shown',
            outcome: 'success',
            userId: mail.userId,
            target: mail.id,
          } as const;
          await insertAuditEvent(db, eventOf(caller, event));
        }
        shown.push(withText(parts, mail, token));
      }
      return nextCursor === undefined ? { items: shown } : { items: shown, nextCursor };
    },
    { as: 'steward' },
  );
}

function mayShow(parts: IdentityParts, { actor }: SignedIn, mail: ListedMail): boolean {
  return parts.showsTokens && (!mail.toAdministrator || actor.roles.includes('administrator'));
}

/** The token in clear, if there is one and the server's key is the one that it was sealed with. */
function opened({ sealer, clock }: IdentityParts, mail: ListedMail): string | undefined {
  const { sealedToken, sealKeyId, expiresAt } = mail;
  if (sealedToken === null || sealKeyId === null || (expiresAt !== null && expiresAt <= clock()))
    return undefined;
  try {
    return sealer.open({ sealed: sealedToken, keyId: sealKeyId }, mail.id);
  } catch (error) {
    if (isHubError(error, 'identity.seal_broken')) return undefined;
    throw error;
  }
}

function withText({ address }: IdentityParts, mail: ListedMail, token: string | undefined): ShownMail {
  const { sealedToken: _sealed, sealKeyId: _keyId, toAdministrator: _to, ...facts } = mail;
  const { subject, text } = mailText({ ...mail, token, ...address });
  return { ...facts, subject, text: hasToken(mail.template) && token === undefined ? null : text };
}
