import type { Db, Scope } from '@quantum-hub/database';
import { roleOf } from '@quantum-hub/database/admin';
import pg from 'pg';
import { type Hub, poolSize } from './open-hub.ts';

/** What all doors can send: a statement with bound values, kept on the server where it has a name. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: rows of any statement
  readonly rows: any[];
}

export type Send = (statement: Statement) => Promise<Answer>;

/** As whom a statement runs. */
export type Acting = Required<Pick<Scope, 'as' | 'actor'>>;

/** The door that the hub's code uses. */
export function throughGetDb<Result>(hub: Hub, acting: Acting, work: (db: Db) => Promise<Result>) {
  return hub.database.getDb(work, acting);
}

/** The same by hand, without any of its promises: one message to open, the statements, commit. */
export async function throughPg<Result>(
  hub: Hub,
  { as, actor }: Acting,
  work: (send: Send) => Promise<Result>,
): Promise<Result> {
  const client = await hub.pool.connect();
  try {
    await client.query(`begin; set local role "${roleOf(as)}"; set local qhub.actor = '${actor}'`);
    const result = await work((statement) => client.query(statement));
    await client.query('commit');
    return result;
  } finally {
    client.release();
  }
}

/** Connections that took role and actor when they were opened: each statement is a transaction of its own. */
export class AutocommitDoor implements AsyncDisposable {
  readonly #pool: pg.Pool;

  constructor(hub: Hub, { as, actor }: Acting) {
    const options = `-c role=${roleOf(as)} -c qhub.actor=${actor}`;
    this.#pool = new pg.Pool({ ...hub.place.application, options, max: poolSize });
  }

  readonly send: Send = (statement) => this.#pool.query(statement);

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.end();
  }
}
