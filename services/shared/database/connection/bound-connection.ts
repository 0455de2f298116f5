import { performance } from 'node:perf_hooks';
import { type HubError, hubError } from '@quantum-hub/kernel';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { factsOf } from './client.ts';
import { factsOfError, PostgresFault } from './postgres-fault.ts';
import type { RowTypes } from './row-types.ts';
import { fingerprint, type SlowLog } from './slow-log.ts';
import { type ConstraintCodes, isConnectionLost, statementError } from './statement-errors.ts';

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Kept on the server under this name, where the connection keeps statements. */
  readonly name?: string;
}

export interface BindingOptions {
  /** The answer to the message that opened the transaction: statements are sent behind it without waiting. */
  readonly answered: Promise<void>;
  readonly role: string;
  /** The commit follows the first statement at once, and no other may. */
  readonly single: boolean;
  readonly answerTimeoutMs: number;
  readonly constraintCodes: ConstraintCodes;
  readonly slowLog?: SlowLog;
}

/** Statements that would end the transaction, or change the session for its next user. */
const notOurs =
  /^\s*(begin|start|commit|end|abort|rollback(?!\s+(work\s+|transaction\s+)?to\b)|prepare\s+transaction|discard|reset|listen|set\s+(?!constraints\b|transaction\b|local\s+(?!role\b|session\b)))\b/i;

/**
 * A connection of the pool for the time of one unit of work. All doors (ORM, Kysely, raw) send through here:
 * statements in the order in which they are asked for, those asked for at once in one go; none after the end, and errors without values.
 */
export class BoundConnection {
  readonly #client: PoolClient;
  readonly #options: BindingOptions;
  #pending = 0;
  #ended: (() => HubError) | undefined;
  #isOpen = false;
  #committed: Promise<QueryResult> | undefined;
  #openingError: unknown;
  /** The first failure: later ones only say that the transaction is aborted. */
  #first: PostgresFault | undefined;
  #lost: PostgresFault | undefined;

  constructor(client: PoolClient, options: BindingOptions) {
    this.#client = client;
    this.#options = options;
    options.answered.catch((error: unknown) => {
      this.#openingError = error;
    });
  }

  /** Why the transaction was not opened, once that is known. */
  get openingError(): unknown {
    return this.#openingError;
  }

  /** Waits until the transaction is open; throws why it is not. */
  async opened(): Promise<void> {
    await this.#options.answered;
    this.#isOpen = true;
  }

  /** Statements that are not answered yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Why the connection is gone, if it is. */
  get lost(): PostgresFault | undefined {
    return this.#lost;
  }

  /** Whether named statements survive this unit of work. */
  get keepsStatements(): boolean {
    return factsOf(this.#client).keepsStatements === true;
  }

  assertOpen(): void {
    if (this.#ended) throw this.#ended();
  }

  /** The answer to a commit that was sent along with the statement. */
  get committed(): Promise<QueryResult> | undefined {
    return this.#committed;
  }

  sendCommit(): Promise<QueryResult> {
    const { answerTimeoutMs } = this.#options;
    return this.#client.query({ text: 'commit', query_timeout: answerTimeoutMs } as never);
  }

  /** From now on every statement is refused with this error. */
  end(error: () => HubError): void {
    this.#ended ??= error;
  }

  /** For raw and Kysely statements: throws errors of the catalogue. */
  async run(statement: Statement, types: RowTypes): Promise<QueryResult> {
    try {
      return await this.#send(statement, types);
    } catch (error) {
      throw error instanceof PostgresFault ? this.translate(error) : error;
    }
  }

  /** For MikroORM, which makes its own exceptions of SQLSTATEs. */
  runForOrm(statement: Statement, types: RowTypes): Promise<QueryResult> {
    return this.#send(statement, types);
  }

  /** The error of the catalogue for a fault that came from here. */
  translate(fault: PostgresFault): HubError {
    // 25P02 only says that an earlier statement failed: that one is the error.
    const told = fault.code === '25P02' ? (this.#first ?? fault) : fault;
    return statementError(told, this.#options.constraintCodes);
  }

  get firstFault(): PostgresFault | undefined {
    return this.#first;
  }

  /** The failure that aborted the transaction, if there was one. */
  firstError(): HubError | undefined {
    return this.#first && this.translate(this.#first);
  }

  async #send(statement: Statement, types: RowTypes): Promise<QueryResult> {
    this.assertOpen();
    if (notOurs.test(statement.text)) {
      const words = fingerprint(statement.text).slice(0, 40);
      throw new TypeError(
        `A unit of work cannot run "${words}": it begins and ends by itself and changes nothing of its session; expected "set local" or a savepoint.`,
      );
    }
    this.#pending += 1;
    try {
      const sent = this.#query(statement, types);
      if (this.#options.single) this.#commitAlong();
      return await sent;
    } finally {
      this.#pending -= 1;
    }
  }

  #commitAlong(): void {
    this.end(() => hubError('database.session_ended', { reason: 'it was opened for a single statement' }));
    this.#committed = this.sendCommit();
    // Whoever ends the unit of work asks for it.
    this.#committed.catch(() => {});
  }

  async #query(statement: Statement, types: RowTypes): Promise<QueryResult> {
    const { slowLog } = this.#options;
    const start = slowLog ? performance.now() : 0;
    const sent = this.#client.query(this.#config(statement, types));
    try {
      if (!this.#isOpen) await this.#openedBefore(sent);
      const result = await sent;
      // Only "rollback to savepoint" gets here: the failure before it is undone.
      if (result.command === 'ROLLBACK') this.#first = undefined;
      return result;
    } catch (error) {
      throw this.#fault(error);
    } finally {
      if (slowLog) this.#report(slowLog, statement.text, performance.now() - start);
    }
  }

  async #openedBefore(sent: Promise<unknown>): Promise<void> {
    sent.catch(() => {});
    await this.opened();
  }

  #config(statement: Statement, types: RowTypes): QueryConfig {
    const { text, values, name } = statement;
    return {
      text,
      values: values as unknown[],
      types: types as QueryConfig['types'],
      // In the simple protocol a text could carry several statements, and so could an injected one.
      queryMode: 'extended',
      query_timeout: this.#options.answerTimeoutMs,
      name: name !== undefined && this.keepsStatements ? name : undefined,
    } as QueryConfig;
  }

  #report(slowLog: SlowLog, sql: string, durationMs: number): void {
    if (durationMs < slowLog.thresholdMs) return;
    slowLog.log({ sql: fingerprint(sql), durationMs, role: this.#options.role });
  }

  #fault(error: unknown): unknown {
    const original = factsOf(this.#client).error;
    const facts = factsOfError(error);
    if (!facts) return error;
    // The server's own reason (57P01, 25P03) came as an event; the statement only saw the socket close.
    const lost = isConnectionLost(facts) || original !== undefined;
    const fault = new PostgresFault((lost && original && factsOfError(original)) || facts);
    this.#first ??= fault;
    if (lost) this.#lost ??= fault;
    return fault;
  }
}
