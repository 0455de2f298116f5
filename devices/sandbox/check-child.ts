import { isHubError } from '@quantum-hub/kernel';
import type { CheckPart, CheckQuestion, FromCheckChild } from './check-messages.ts';

/** The life of a process that judges programs: one question at a time, until the host is gone. */
export function serveChecks(
  check: (question: CheckQuestion, tell: (part: CheckPart) => void) => Promise<void>,
): void {
  const send = (message: FromCheckChild) => process.send?.(message);
  process.once('disconnect', () => process.exit());
  process.on('message', async (question: CheckQuestion) => {
    try {
      await check(question, send);
      send({ part: 'end' });
    } catch (error) {
      if (isHubError(error)) send({ part: 'refusal', code: error.code, params: error.params });
      else
        send({
          part: 'fault',
          reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
    }
  });
}
