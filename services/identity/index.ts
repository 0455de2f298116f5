/** The front door of identity: who is who. */
export { type AuthenticatorOptions, createAuthenticator } from './use-cases/authenticate.ts';
