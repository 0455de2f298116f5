import { getDb } from '@quantum-hub/database';
import type { Authenticate } from '@quantum-hub/http';
import { type Clock, systemClock } from '@quantum-hub/kernel';
import { recordUses } from './queries/credentials.ts';
import { UseRecorder } from './secrets/use-recorder.ts';
import { type AuthenticatorOptions, createAuthenticator } from './use-cases/authenticate.ts';

const useDelayMs = 2000;

export interface AuthenticationOptions extends Pick<AuthenticatorOptions, 'as'> {
  readonly clock?: Clock;
  readonly log?: (message: string, error?: unknown) => void;
}

/**
 * Who credentials belong to, and when they were last used: a session that serves one service only must not count as unused.
 * Needs an open database with the role of the service and `steward`; ends before the database does.
 */
export class Authentication implements AsyncDisposable {
  readonly authenticate: Authenticate;
  readonly #uses: UseRecorder;

  constructor({ as, clock = systemClock, log = () => {} }: AuthenticationOptions) {
    this.#uses = new UseRecorder(
      async (kind, uses) => await getDb((db) => recordUses(db, kind, uses), { as: 'steward' }),
      {
        clock,
        delayMs: useDelayMs,
        log: (error) => log('the last uses of credentials were not written', error),
      },
    );
    this.authenticate = createAuthenticator({ as, onUse: (kind, id) => this.#uses.record(kind, id) });
  }

  /** Resolves when all uses so far are written. */
  async settled(): Promise<void> {
    await this.#uses.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#uses[Symbol.asyncDispose]();
  }
}

export function startAuthentication(options: AuthenticationOptions = {}): Authentication {
  return new Authentication(options);
}
