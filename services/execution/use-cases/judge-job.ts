import { hubError } from '@quantum-hub/kernel';
import { type Asked, deviceRequest } from '../domain/device-request.ts';
import type { ProgramChecker, ProgramFacts } from '../ports/index.ts';
import type { KnownDevice } from '../queries/devices.ts';
import { programInvalid, requireMemorySize } from './check-program.ts';

export type Judged = {
  readonly device: KnownDevice;
  readonly facts: ProgramFacts;
};

/**
 * Whether a device as it is now would run what is asked: before a job is queued, and before one is queued once more.
 *
 * Throws `execution.device_not_found`, `execution.device_unavailable`, `execution.program_invalid` with every error's place,
 * `execution.memory_too_large`, and what the device says of requests that it does not serve.
 */
export async function judge(
  checker: ProgramChecker,
  address: string,
  device: KnownDevice | undefined,
  asked: Asked,
): Promise<Judged> {
  // One without a profile was never told of by an adapter: nobody can judge a program for it, or run one.
  if (!device?.profile) throw hubError('execution.device_not_found', { device: address });
  if (device.status === 'retired') {
    throw hubError('execution.device_unavailable', { device: address, status: device.status });
  }
  const { errors, facts } = await checker.check(address, deviceRequest(asked));
  if (errors.length > 0 || !facts) throw programInvalid(errors, address);
  requireMemorySize(facts, { memory: asked.memory ?? false, shots: asked.shots ?? undefined });
  return { device, facts };
}
