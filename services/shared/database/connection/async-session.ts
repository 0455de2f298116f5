import { Session, type SessionParts } from './session.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * A session for `await using`: `commit()` writes, and whatever was not committed at the end of the scope is rolled back.
 * Nothing is retried: serialization failures and deadlocks come out as `database.serialization_failed`.
 */
export class AsyncSession<Tables> extends Session<Tables> {
  readonly #unit: UnitOfWork;

  constructor(parts: SessionParts, unit: UnitOfWork) {
    super(parts);
    this.#unit = unit;
  }

  /** Flushes and commits; the session can't be used afterwards. After an error everything is rolled back. */
  async commit(): Promise<void> {
    this.connection.assertOpen();
    try {
      await this.#unit.commit();
    } catch (error) {
      const clear = this.#unit.translate(error);
      await this.#unit.rollback();
      throw clear;
    }
  }

  /** Rolls back before the end of the scope. */
  async rollback(): Promise<void> {
    this.connection.assertOpen();
    await this.#unit.rollback();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#unit.rollback();
  }
}
