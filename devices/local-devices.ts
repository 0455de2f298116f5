import type { Device } from '@quantum-hub/execution/ports';

/** Loaded when asked for: Q# brings a compiler of several megabytes, which the others should not wait for. */
const DEVICES: Readonly<Record<string, () => Promise<Device>>> = {
  'local/statevector': async () => (await import('./statevector/index.ts')).statevectorDevice(),
  'local/stabilizer': async () => (await import('./stabilizer/index.ts')).stabilizerDevice(),
  'local/qsharp': async () => (await import('./qsharp/index.ts')).qsharpDevice(),
  'local/noisy': async () => (await import('./noisy/index.ts')).noisyDevice(),
};

export const localDeviceNames: readonly string[] = Object.keys(DEVICES);

/** The device itself, running in this process; undefined for a name that is none. */
export async function inProcessDevice(name: string): Promise<Device | undefined> {
  return Object.hasOwn(DEVICES, name) ? await DEVICES[name]?.() : undefined;
}
