import { createHash } from 'node:crypto';
import type { DeviceProfile, DeviceRequest, QuantumProgram } from '@quantum-hub/execution/ports';
import { hubError } from '@quantum-hub/kernel';

/** Refuses what a device does not serve at all, whatever the program: kinds of requests, shots, seeds. */
export function requireServed(profile: DeviceProfile, request: DeviceRequest): void {
  if (!profile.requests.includes(request.kind)) {
    const kinds = profile.requests.join(', ');
    throw hubError('execution.request_not_served', { device: profile.name, kind: request.kind, kinds });
  }
  if (request.kind === 'resources') return;
  const { shots, seed } = request;
  if (shots !== undefined && !(Number.isInteger(shots) && shots >= 1 && shots <= profile.maximumShots)) {
    throw hubError('execution.shots_out_of_range', {
      shots,
      device: profile.name,
      most: profile.maximumShots,
    });
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0)) throw hubError('execution.seed_out_of_range', { seed });
}

export function languageNotServed(profile: DeviceProfile, language: QuantumProgram['language']): Error {
  const languages = profile.languages.join(', ');
  return hubError('execution.language_not_served', { device: profile.name, language, languages });
}

/** SHA-256 of the program's bytes as they were given, hexadecimal. */
export function programHash({ source }: QuantumProgram): string {
  return createHash('sha256').update(source).digest('hex');
}
