type Answers<Asked extends readonly Promise<unknown>[]> = {
  -readonly [At in keyof Asked]: Awaited<Asked[At]>;
};

/**
 * Waits for all statements that were asked for at once, and throws the first error when there was one: a unit of work may not end
 * while one of its statements is unanswered.
 */
export async function together<const Asked extends readonly Promise<unknown>[]>(
  asked: Asked,
): Promise<Answers<Asked>> {
  const settled = await Promise.allSettled(asked);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as Answers<Asked>;
}
