import { DriverException } from '@mikro-orm/core';
import { type HubError, HubError as HubErrorClass, hubError, isErrorCode } from '@quantum-hub/kernel';
import type { PoolClient, QueryResult } from 'pg';
import { BoundConnection } from './bound-connection.ts';
import { requestCancel } from './cancel.ts';
import { type ConnectionSettings, destroyConnection, factsOf } from './client.ts';
import type { Scope } from './opening.ts';
import type { EntityManager } from './orm.ts';
import { factsOfError, PostgresFault } from './postgres-fault.ts';
import type { Session, SessionParts } from './session.ts';
import type { SlowLog } from './slow-log.ts';
import { type ConstraintCodes, isConnectionLost, isRetryable, isStalePlan } from './statement-errors.ts';

export interface UnitOptions {
  /** The answer to the message that opened the transaction. */
  readonly answered: Promise<void>;
  readonly settings: ConnectionSettings;
  readonly constraintCodes: ConstraintCodes;
  readonly slowLog?: SlowLog;
  readonly newEntityManager: () => EntityManager;
  readonly newSession: (parts: SessionParts, unit: UnitOfWork) => Session;
  /** Called once, when the connection was given back. */
  readonly onEnd: (unit: UnitOfWork) => void;
}

/** How long the server may take to stop a statement; after that the connection is cut. */
const cancelTimeoutMs = 2000;
const defaultAnswerTimeoutMs = 60_000;

/** One transaction on one connection, from its opening to commit or rollback. */
export class UnitOfWork {
  readonly session: Session;
  /** Rejects when the unit of work is cancelled; never resolves. */
  readonly cancelled: Promise<never>;
  readonly #client: PoolClient;
  readonly #connection: BoundConnection;
  readonly #options: UnitOptions;
  readonly #scope: Scope;
  readonly #reject: (error: HubError) => void;
  #cancelling: Promise<void> | undefined;
  #state: 'open' | 'committing' | 'ended' = 'open';

  constructor(client: PoolClient, role: string, scope: Scope, options: UnitOptions) {
    this.#client = client;
    this.#options = options;
    this.#scope = scope;
    const { answered, constraintCodes, slowLog, newEntityManager } = options;
    const answerTimeoutMs = scope.answerTimeoutMs ?? defaultAnswerTimeoutMs;
    this.#connection = new BoundConnection(client, {
      role,
      single: scope.single === true && scope.readOnly === true,
      answered,
      answerTimeoutMs,
      constraintCodes,
      slowLog,
    });
    this.session = options.newSession({ connection: this.#connection, scope, newEntityManager }, this);
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.cancelled = promise;
    this.#reject = reject;
    scope.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = () => this.cancel('the signal of its caller was aborted');

  /** Stops the running statement and refuses further ones; the transaction is rolled back by its owner. */
  cancel(reason: string): void {
    if (this.#state !== 'open' || this.#cancelling) return;
    const error = () => hubError('database.cancelled', { reason });
    this.#connection.end(error);
    const running = this.#connection.pending > 0;
    this.#cancelling = running
      ? requestCancel(this.#client, this.#options.settings, cancelTimeoutMs)
      : Promise.resolve();
    this.#reject(error());
  }

  /** Flushes and commits. After an error nothing is committed, save where the error says that it is unknown. */
  async commit(): Promise<void> {
    await this.session.flush();
    await this.#connection.opened();

    const unfinished = this.#connection.pending > 0;
    this.#connection.end(() => hubError('database.session_ended', { reason: 'it was committed' }));
    if (unfinished) {
      throw hubError('database.session_ended', {
        reason: 'a statement was still running at its end, an await is missing; nothing was written',
      });
    }
    if (this.#cancelling) return await this.cancelled;
    this.#state = 'committing';
    const result = await this.#sendCommit();
    this.#state = 'ended';
    this.#release(false);
    // PostgreSQL answers COMMIT with ROLLBACK when a failed statement had aborted the transaction: somebody caught it.
    if (result.command === 'ROLLBACK') throw this.#aborted();
  }

  #aborted(): HubError {
    return (
      this.#connection.firstError() ??
      hubError(
        'database.statement_failed',
        { sqlState: '25P02' },
        { cause: new Error('aborted transaction') },
      )
    );
  }

  async #sendCommit(): Promise<QueryResult> {
    if (factsOf(this.#client).error)
      throw this.#commitError(factsOf(this.#client).error, 'nothing was written');
    try {
      return await (this.#connection.committed ?? this.#connection.sendCommit());
    } catch (error) {
      throw this.#commitError(error, 'whether the change was written is unknown: it was lost during COMMIT');
    }
  }

  /** Deferred constraints and serialization failures are answers; a lost connection leaves the outcome open. */
  #commitError(error: unknown, outcome: string): unknown {
    const facts = factsOfError(error);
    if (!facts) return error;
    const cause = new PostgresFault(facts);
    if (!isConnectionLost(facts)) return this.#connection.translate(cause);
    this.#state = 'ended';
    this.#release(true);
    return hubError('database.connection_lost', { outcome }, { cause });
  }

  /** Why the transaction was not opened: whatever its work threw, this is the reason. */
  get openingError(): unknown {
    return this.#connection.openingError;
  }

  /** Whether running the whole work again may help: asked before the rollback. */
  retryable(error: unknown): boolean {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof PostgresFault) return isRetryable(cause);
    const first = this.#connection.firstFault;
    return first !== undefined && isRetryable(first);
  }

  /** Rolls back and gives the connection back, or cuts it when it is of no more use. Never throws. */
  async rollback(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#connection.end(() => hubError('database.session_ended', { reason: 'it was rolled back' }));
    const stale = this.#connection.firstFault && isStalePlan(this.#connection.firstFault);
    let usable = !this.#cancelling && !this.#connection.lost && !stale && this.#connection.pending === 0;
    if (usable) {
      try {
        const rollback = { text: 'rollback', query_timeout: cancelTimeoutMs } as never;
        await (this.#connection.committed ?? this.#client.query(rollback));
      } catch {
        usable = false;
      }
    }
    await this.#cancelling;
    this.#release(!usable);
  }

  #release(broken: boolean): void {
    this.#scope.signal?.removeEventListener('abort', this.#onAbort);
    if (broken) destroyConnection(this.#client);
    this.#client.release(broken);
    this.#options.onEnd(this);
  }

  /** The error of the catalogue for whatever came out of the work; what is not the database's stays as it is. */
  translate(error: unknown): unknown {
    if (error instanceof PostgresFault) return this.#connection.translate(error);
    if (!(error instanceof DriverException)) return error;
    const { code, params } = error as DriverException & { params?: Record<string, string> };
    if (isErrorCode(code)) return new HubErrorClass(code, params);
    const facts = factsOfError(error);
    return facts ? this.#connection.translate(new PostgresFault(facts)) : error;
  }
}
