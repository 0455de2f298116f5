import type { MikroORM } from '@mikro-orm/postgresql';
import { hubError } from '@quantum-hub/kernel';
import { type ActingName, roleOf } from '../provision/roles.ts';
import { AsyncSession } from './async-session.ts';
import type { ConnectionSettings } from './client.ts';
import { checkHealth, type Health } from './health.ts';
import { OpeningLost, openTransaction, type Prepared } from './opener.ts';
import type { Scope } from './opening.ts';
import { type OrmOptions, openOrm } from './orm.ts';
import { ConnectionPool, type PoolFigures, type PoolLimits } from './pool.ts';
import { waitBeforeRetry } from './retry.ts';
import { type AnyTables, Session } from './session.ts';
import type { SlowLog, SlowStatement } from './slow-log.ts';
import type { ConstraintCodes } from './statement-errors.ts';
import { UnitOfWork, type UnitOptions } from './unit-of-work.ts';
import { WorkCounter } from './work-counter.ts';

export interface DatabaseOptions {
  readonly connection: ConnectionSettings;
  /** The service or program: connections are called `quantum-hub:<service>` on the server. */
  readonly service: string;
  readonly orm?: OrmOptions;
  readonly pool?: PoolLimits;
  /** `auto` keeps named statements where no pooler is seen. */
  readonly prepared?: Prepared;
  readonly constraintCodes?: ConstraintCodes;
  /** Statements that take at least `thresholdMs` are given to `log`, without values. */
  readonly slowStatements?: {
    readonly thresholdMs: number;
    readonly log: (statement: SlowStatement) => void;
  };
}

export type Work<Tables, Result> = (db: Session<Tables>) => Promise<Result>;

const defaultTries = 5;
const closingDeadlineMs = 10_000;
/** What cancelled work gets to unwind before the pool is closed over it. */
const unwindMs = 3000;

/** One database with its pool, from `openDatabase` to `close`. */
export class Database<Tables = AnyTables> implements AsyncDisposable {
  readonly #options: DatabaseOptions;
  readonly #pool: ConnectionPool;
  readonly #orm: MikroORM | undefined;
  readonly #work = new WorkCounter();
  #closed: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options.connection, `quantum-hub:${options.service}`, options.pool);
    const { orm, connection } = options;
    this.#orm = orm && openOrm(orm, connection.database);
  }

  /** Runs the work in one transaction with a fresh session; see `getDb` in db.ts. */
  async getDb<Result>(work: Work<Tables, Result>, scope: Scope): Promise<Result> {
    const leave = this.#work.enter();
    try {
      const tries = scope.tries ?? defaultTries;
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await this.#attempt(work, scope);
        if ('result' in outcome) return outcome.result;
        const { error, retryable } = outcome;
        if (!retryable) throw error;
        if (attempt >= tries) {
          throw hubError(
            'database.serialization_failed',
            { attempts: attempt },
            { cause: (error as Error).cause },
          );
        }
        await waitBeforeRetry(attempt, scope.signal);
      }
    } finally {
      leave();
    }
  }

  /** A session for `await using`; see `getAsyncDb` in db.ts. */
  async getAsyncDb(scope: Scope): Promise<AsyncSession<Tables>> {
    const leave = this.#work.enter();
    try {
      const newSession: UnitOptions['newSession'] = (parts, unit) => new AsyncSession(parts, unit);
      const unit = await this.#open(scope, { newSession, onEnd: leave, ahead: false });
      return unit.session as unknown as AsyncSession<Tables>;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Opens a unit of work as each of the roles: throws where one can't be assumed or is not bound by row security. */
  async checkRoles(names: readonly ActingName[]): Promise<void> {
    for (const as of names) await this.getDb(async () => {}, { as });
  }

  /** Whether the server answers; never throws. */
  health(): Promise<Health> {
    return checkHealth(this.#pool, this.#timeoutMs);
  }

  poolFigures(): PoolFigures {
    return this.#pool.figures();
  }

  /**
   * Refuses new work, waits for what is in flight, cancels what is not done after `deadlineMs` (default 10 s), and
   * closes the connections. Calling it again waits for the same end.
   */
  close({ deadlineMs = closingDeadlineMs }: { deadlineMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(deadlineMs);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#work.refuseNew();
    let settled = await this.#work.settled(deadlineMs);
    if (!settled) {
      this.#work.cancelAll(`the database was closed and ${deadlineMs} ms were over`);
      settled = await this.#work.settled(unwindMs);
    }
    const ended = this.#pool.end();
    if (settled) await ended;
    await this.#orm?.close();
  }

  async #attempt<Result>(
    work: Work<Tables, Result>,
    scope: Scope,
    // Work that may run only once is not begun before its transaction is.
    ahead = scope.tries !== 1,
  ): Promise<{ result: Result } | { error: unknown; retryable: boolean }> {
    const newSession: UnitOptions['newSession'] = (parts) => new Session(parts);
    const unit = await this.#open(scope, { newSession, onEnd: () => {}, ahead });
    try {
      const result = await Promise.race([work(unit.session as unknown as Session<Tables>), unit.cancelled]);
      await unit.commit();
      return { result };
    } catch (thrown) {
      const error = unit.openingError ?? unit.translate(thrown);
      const retryable = unit.retryable(error);
      await unit.rollback();
      // The next connection is waited for, and replaced until one answers.
      if (error instanceof OpeningLost) return await this.#attempt(work, scope, false);
      return { error, retryable };
    }
  }

  async #open(
    scope: Scope,
    { newSession, onEnd, ahead }: Pick<UnitOptions, 'newSession'> & { onEnd: () => void; ahead: boolean },
  ): Promise<UnitOfWork> {
    const role = roleOf(scope.as);
    if (scope.signal?.aborted)
      throw hubError('database.cancelled', { reason: 'its signal was aborted before' });
    const { connection, prepared = 'auto', constraintCodes = {} } = this.#options;
    const timeoutMs = this.#timeoutMs;
    const { client, answered } = await openTransaction(this.#pool, scope, { prepared, timeoutMs, ahead });
    const unit = new UnitOfWork(client, role, scope, {
      answered,
      settings: connection,
      constraintCodes,
      slowLog: this.#slowLog(),
      newEntityManager: () => this.#fork(),
      newSession,
      onEnd: (ended) => {
        this.#work.units.delete(ended);
        onEnd();
      },
    });
    this.#work.add(unit);
    return unit;
  }

  #fork() {
    if (!this.#orm)
      throw new TypeError('This database was opened without models; expected `orm` in openDatabase().');
    return this.#orm.em.fork({ useContext: false });
  }

  #slowLog(): SlowLog | undefined {
    const { slowStatements } = this.#options;
    return slowStatements && slowStatements.thresholdMs > 0 ? slowStatements : undefined;
  }

  get #timeoutMs(): number {
    return this.#options.pool?.connectTimeoutMs ?? 5000;
  }
}
