import { createHash } from 'node:crypto';
import { hubError } from '@quantum-hub/kernel';
import type {
  CountsResult,
  Device,
  DeviceAnswer,
  DeviceProfile,
  DeviceRequest,
  RunOptions,
} from './ports/index.ts';
import type { RunKit } from './use-cases/run-job.ts';

export type Run = (request: DeviceRequest, options: RunOptions) => Promise<DeviceAnswer>;

/** A device that does what a test says; without a word it answers at once. */
export function fakeDevice(name: string, run: Run = answerAtOnce): Device {
  const profile: DeviceProfile = {
    name,
    version: '1',
    description: 'Of a test.',
    qubits: 20,
    maximumShots: 1_000_000,
    languages: ['openqasm'],
    requests: ['counts'],
    gates: 'any',
    refuses: {},
    noise: undefined,
  };
  return {
    profile,
    validate: async () => [],
    run: (request, options = {}) => run(request, options),
  };
}

export const answerAtOnce: Run = async (request) => ({ ok: true, result: countsOf(request) });

export function countsOf(request: DeviceRequest): CountsResult {
  const { shots, seed } = request as Extract<DeviceRequest, { kind: 'counts' }>;
  return {
    kind: 'counts',
    device: { name: 'test', version: '1' },
    programHash: createHash('sha256').update(request.program.source).digest('hex'),
    seed,
    counts: { '00': shots },
    registers: [{ name: 'c', size: 2 }],
    shots,
  };
}

/** A run that ends only when it is told to: with the signal's reason, as a device should. */
export const runUntilStopped: Run = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    const stop = () => reject(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });

/** The least that a kit has to do. */
export const testKit: RunKit = {
  request: (job) => ({
    kind: 'counts',
    program: { language: 'openqasm', source: job.program },
    shots: job.shots ?? 1,
    seed: job.seed ?? 0,
  }),
  check: (answer, _, { name }) => {
    const { ok, result } = (answer ?? {}) as { ok?: boolean; result?: { counts?: unknown } };
    if (ok === false || (ok && typeof result?.counts === 'object')) return answer as DeviceAnswer;
    throw hubError('execution.device_failed', { device: name, reason: 'it answered nonsense' });
  },
  keep: async ({ result, deviceMs }) => {
    const { counts, shots, seed } = result as CountsResult;
    return { counts, data: { seed }, formatVersion: 1, shots, durationMs: deviceMs };
  },
};
