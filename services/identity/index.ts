/** The front door of identity: who is who, and what goes on about accounts. */
export type { MailSettings } from './mail/transport.ts';
export { documentedIdentity } from './routes/documented.ts';
export { Authentication, type AuthenticationOptions, startAuthentication } from './start-authentication.ts';
export { Identity, type IdentityOptions, startIdentity } from './start-identity.ts';
export {
  type AdministratorKey,
  ensureAdministrator,
  issueAdministratorKey,
  type KeyIssue,
} from './use-cases/administrator.ts';
export { clearDeletedAccounts } from './use-cases/clear-deleted-accounts.ts';
export type { AccountParticipant } from './use-cases/context.ts';
export { type OutboxFigures, outboxFigures } from './use-cases/outbox-figures.ts';
