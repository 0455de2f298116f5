/** Statements as a role and for an actor, each in a transaction of its own that is taken back. */
import type { Client } from 'pg';

export type Acting = { readonly role: string; readonly actor?: string };

export type Outcome =
  | { readonly rows: readonly Record<string, unknown>[]; readonly count: number }
  | { readonly code: string; readonly message: string };

/** What a statement gave or the SQLSTATE it failed with; nothing of it stays. */
export async function tryAs(
  client: Client,
  { role, actor }: Acting,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Outcome> {
  await client.query(`begin; set local role "${role}"`);
  try {
    if (actor !== undefined) await client.query(`select set_config('qhub.actor', $1, true)`, [actor]);
    const { rows, rowCount } = await client.query(statement, [...values]);
    return { rows, count: rowCount ?? 0 };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code: code ?? 'none', message };
  } finally {
    await client.query('rollback');
  }
}

/** `done` or the SQLSTATE: for tables of what is allowed. */
export function verdict(outcome: Outcome): string {
  return 'code' in outcome ? outcome.code : 'done';
}
