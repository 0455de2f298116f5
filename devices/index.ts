/** The local devices, each program in a sandbox of its own. */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Device } from '@quantum-hub/execution/ports';
import { inProcessDevice, localDeviceNames } from './local-devices.ts';
import { Checker, type CheckerOptions } from './sandbox/checker.ts';
import { type Sandbox, type SandboxLimits, SpareProcess, sandboxed } from './sandbox/sandbox.ts';

export { parseObservable } from '@quantum-hub/execution/ports';
export { localDeviceNames } from './local-devices.ts';
export { Checker } from './sandbox/checker.ts';
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

/** All local devices. */
export async function localDevices(limits: SandboxLimits = defaultSandboxLimits()): Promise<Device[]> {
  const devices = await Promise.all(localDeviceNames.map((name) => localDevice(name, limits)));
  return devices.filter((device) => device !== undefined);
}

const MEBIBYTE = 2 ** 20;
/** The largest program of the corpus is judged in under a second; 512 MiB hold the tree of a program of a million characters. */
const checkLimits: SandboxLimits = { milliseconds: 10_000, memoryBytes: 1024 * MEBIBYTE };

/** Judges programs for the local devices before they are queued; dispose of it when the hub stops. */
export function localChecker({
  limits = checkLimits,
  processes = 2,
  walkMilliseconds = 2000,
}: Partial<CheckerOptions> & { readonly limits?: SandboxLimits } = {}): Checker {
  const entry = join(import.meta.dirname, 'check-in-sandbox.ts');
  return new Checker({ ...sandboxOf(limits), entry }, { processes, walkMilliseconds });
}

/** Starts the process of a device's first run ahead: it loads as long as its host reads the program. */
export function startSpare(deviceName: string, limits = defaultSandboxLimits()): SpareProcess {
  return new SpareProcess({ ...sandboxOf(limits), preload: deviceName });
}
