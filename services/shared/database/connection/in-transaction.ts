/** What a transaction needs of a session: `AdminConnection` is one, and so is a client of node-postgres. */
type Session = { query(text: string): Promise<unknown> };

/** Opens a transaction with `opening` ("begin; set local role ..."), and commits what `work` did, or rolls it back and throws. */
export async function inTransaction<Result>(
  session: Session,
  opening: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await session.query(opening);
  return await committing(session, work);
}

/** The same in a transaction that is open already. */
export async function committing<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback').catch(() => {});
    throw error;
  }
}
