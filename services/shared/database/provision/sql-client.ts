/** What is needed of a connection: a `pg.Client`, or one checked out of a pool. Never a pool: a role stays with a session. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}
