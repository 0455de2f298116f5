/** The local devices, each program in a sandbox of its own. */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Device } from '@quantum-hub/execution/ports';
import { inProcessDevice } from './local-devices.ts';
import { type Sandbox, type SandboxLimits, SpareProcess, sandboxed } from './sandbox/sandbox.ts';

export { parseObservable } from './engine/observable.ts';
export { localDeviceNames } from './local-devices.ts';
export type { SandboxLimits, SpareProcess } from './sandbox/sandbox.ts';
export { type SuiteResult, type Verification, verifyDevice } from './verify.ts';

/** Ten minutes, and half of the machine's memory. */
export function defaultSandboxLimits(): SandboxLimits {
  return { milliseconds: 600_000, memoryBytes: Math.floor(totalmem() / 2) };
}

const repository = join(import.meta.dirname, '..');
/** The code that the process needs, and nothing of the hub's data, settings or keys. */
const readable = [
  'devices',
  'services/execution',
  'services/shared/kernel',
  'packages/openqasm',
  'node_modules/@quantum-hub',
  'node_modules/qsharp-lang',
  'package.json',
].map((path) => join(repository, path));

const sandboxOf = (limits: SandboxLimits): Sandbox => ({
  entry: join(import.meta.dirname, 'run-in-sandbox.ts'),
  readable,
  limits,
});

/**
 * A local device by its name; undefined for a name that is none (`localDeviceNames`).
 *
 * @param spare serves the first request; it has the limits that it was started with
 */
export async function localDevice(
  name: string,
  limits: SandboxLimits = defaultSandboxLimits(),
  spare?: SpareProcess,
): Promise<Device | undefined> {
  const device = await inProcessDevice(name);
  return device && sandboxed(device, sandboxOf(limits), spare);
}

/** Starts the process of a device's first run ahead: it loads as long as its host reads the program. */
export function startSpare(deviceName: string, limits = defaultSandboxLimits()): SpareProcess {
  return new SpareProcess({ ...sandboxOf(limits), preload: deviceName });
}
