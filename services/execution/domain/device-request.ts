import { type DeviceRequest, parseObservable, type QuantumProgram } from '../ports/index.ts';

/** What a job or a check asks, as it is stored. */
export type Asked = {
  readonly program: QuantumProgram;
  readonly kind: DeviceRequest['kind'];
  readonly observables?: readonly string[] | null | undefined;
  readonly shots?: number | null | undefined;
  /** null where nothing is random. */
  readonly seed?: number | null | undefined;
  readonly memory?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
};

/** The languages as jobs name them; a device reads both versions of OpenQASM. */
export function portLanguage(language: string): QuantumProgram['language'] {
  return language === 'qsharp' ? 'qsharp' : 'openqasm';
}

/** The request that a device gets. Throws `execution.observable_invalid`. */
export function deviceRequest({
  program,
  kind,
  observables,
  shots,
  seed,
  memory,
  inputs,
}: Asked): DeviceRequest {
  const asked = { program, ...(inputs && { inputs }) };
  if (kind === 'resources') return { kind, ...asked };
  const random = { seed: seed ?? 0 };
  if (kind === 'counts') {
    return { kind, ...asked, ...random, shots: shots ?? defaultShots, ...(memory && { memory }) };
  }
  const parsed = (observables ?? []).map(parseObservable);
  return { kind, ...asked, ...random, observables: parsed, shots: shots ?? undefined };
}

/** Of counts, when a submission names none. */
export const defaultShots = 1024;
