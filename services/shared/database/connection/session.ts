import type { Kysely, Transaction } from 'kysely';
import type { BoundConnection, Statement } from './bound-connection.ts';
import { kyselyOver } from './kysely-transaction.ts';
import type { Scope } from './opening.ts';
import type { EntityManager } from './orm.ts';
import { entityTypes, rowTypes } from './row-types.ts';

export interface Rows<Row> {
  readonly rows: Row[];
  /** Rows that were returned, inserted, changed or deleted. */
  readonly rowCount: number;
}

/** Any table with any column, where no types of tables are given. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely needs a type that every column fits
export type AnyTables = Record<string, Record<string, any>>;

export interface SessionParts {
  readonly connection: BoundConnection;
  readonly scope: Scope;
  /** A fresh EntityManager, not bound yet. */
  readonly newEntityManager: () => EntityManager;
}

/**
 * What a unit of work has: three doors to one transaction. Each is made when it is first used, because a fork of the
 * EntityManager costs more than a small statement. After the unit of work every use fails with `database.session_ended`.
 */
export class Session<Tables = AnyTables> {
  readonly #parts: SessionParts;
  #em: EntityManager | undefined;
  #kysely: Transaction<Tables> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** For the sessions made of this one. */
  protected get connection(): BoundConnection {
    return this.#parts.connection;
  }

  /** As whom and for whom this runs. */
  get scope(): Scope {
    return this.#parts.scope;
  }

  /** Whether the server keeps named statements: not where a pooler stands in between. */
  get keepsStatements(): boolean {
    return this.#parts.connection.keepsStatements;
  }

  /** MikroORM's EntityManager with an identity map of its own; what was changed is flushed before the commit. */
  get em(): EntityManager {
    if (!this.#em) {
      const { connection, newEntityManager } = this.#parts;
      this.#em = newEntityManager();
      this.#em.setTransactionContext(
        kyselyOver<unknown>((text, values) => connection.runForOrm({ text, values }, entityTypes)),
      );
    }
    return this.#em;
  }

  /** Kysely in the same transaction; values are bound. */
  get kysely(): Kysely<Tables> {
    const { connection } = this.#parts;
    this.#kysely ??= kyselyOver<Tables>((text, values) => connection.run({ text, values }, rowTypes));
    return this.#kysely;
  }

  /**
   * One SQL statement with bound values (`$1`, `$2`, ...). With a `name` the server keeps it prepared, where no pooler
   * stands in between: for statements that run all the time; one name always stands for one text.
   */
  async query<Row = Record<string, unknown>>(
    statement: string | Statement,
    values?: readonly unknown[],
  ): Promise<Rows<Row>> {
    const whole = typeof statement === 'string' ? { text: statement, values } : statement;
    const { rows, rowCount } = await this.#parts.connection.run(whole, rowTypes);
    return { rows, rowCount: rowCount ?? 0 };
  }

  /** Writes what the EntityManager holds, if it was used. */
  async flush(): Promise<void> {
    await this.#em?.flush();
  }
}
