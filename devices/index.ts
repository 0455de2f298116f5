/** The local devices, each program in a sandbox of its own. */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Device } from '@quantum-hub/execution/ports';
import { inProcessDevice } from './local-devices.ts';
import { type SandboxLimits, sandboxed } from './sandbox/sandbox.ts';

export { parseObservable } from './engine/observable.ts';
export { localDeviceNames } from './local-devices.ts';
export type { SandboxLimits } from './sandbox/sandbox.ts';

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

/** A local device by its name; undefined for a name that is none (`localDeviceNames`). */
export async function localDevice(
  name: string,
  limits: SandboxLimits = defaultSandboxLimits(),
): Promise<Device | undefined> {
  const device = await inProcessDevice(name);
  return (
    device && sandboxed(device, { entry: join(import.meta.dirname, 'run-in-sandbox.ts'), readable, limits })
  );
}
