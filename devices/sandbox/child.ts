import type { Device } from '@quantum-hub/execution/ports';
import { isHubError } from '@quantum-hub/kernel';
import type { FromChild, ToChild } from './messages.ts';

/** Progress is told this often at most. */
const PROGRESS_MS = 50;

/** The life of a process that runs one request: wait for it, run it, answer, end. */
export function serveOneRequest(deviceOf: (name: string) => Promise<Device>): void {
  // A host that is gone wants no answer.
  process.once('disconnect', () => process.exit());
  process.once('message', async (message: ToChild) => {
    const answer = await answerTo(message, deviceOf);
    // Exits only when the answer is out: a large one takes more than one write.
    process.send?.(answer, () => process.exit());
  });
}

async function answerTo(
  { device: name, task, request }: ToChild,
  deviceOf: (name: string) => Promise<Device>,
): Promise<FromChild> {
  let told = 0;
  const onProgress = (share: number) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    process.send?.({ kind: 'progress', share } satisfies FromChild);
  };
  try {
    const device = await deviceOf(name);
    if (task === 'validate') return { kind: 'validated', errors: await device.validate(request) };
    return { kind: 'answer', answer: await device.run(request, { onProgress }) };
  } catch (error) {
    if (isHubError(error)) return { kind: 'refusal', code: error.code, params: error.params };
    return { kind: 'fault', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
