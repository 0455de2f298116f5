import type { Operation } from '@quantum-hub/openqasm';
import { isDiagonal } from '../engine/gates.ts';
import type { Calibration } from './calibration.ts';

/** One noise process on some qubits; trajectories draw from it (`trajectory.ts`), the density matrix averages over it (`density.ts`). */
export type Channel =
  /** With probability `error` one of the 4^k - 1 Pauli products other than the identity, all alike. */
  | { readonly kind: 'depolarizing'; readonly qubits: readonly number[]; readonly error: number }
  /** 1 falls to 0 with this probability. */
  | { readonly kind: 'damping'; readonly qubit: number; readonly error: number }
  /** Z with this probability. */
  | { readonly kind: 'dephasing'; readonly qubit: number; readonly error: number }
  /** X with this probability. */
  | { readonly kind: 'flip'; readonly qubit: number; readonly error: number };

/**
 * What happens besides an operation: a gate depolarizes its qubits and lets them decay for as long as it takes; diagonal gates on
 * one qubit are a change of reference and free; a delay is decay; a reset may fail. Qubits that wait for others do not decay.
 */
export function channelsAfter(
  { qubits, gateSeconds, twoQubitError }: Calibration,
  operation: Operation,
): Channel[] {
  const oneError = (qubit: number): Channel => {
    return { kind: 'depolarizing', qubits: [qubit], error: qubits[qubit]?.oneQubitError ?? 0 };
  };
  const decay = (qubit: number, seconds: number) => decayOf(qubits[qubit], qubit, seconds);
  switch (operation.kind) {
    case 'gate': {
      const touched = [...operation.controls, ...operation.targets];
      if (touched.length === 0 || isVirtual(operation)) return [];
      const alone = touched.length === 1;
      const seconds = alone ? gateSeconds.one : gateSeconds.two * (touched.length - 1);
      return real([
        ...(alone ? touched.map(oneError) : neighbours(touched, twoQubitError)),
        ...touched.flatMap((qubit) => decay(qubit, seconds)),
      ]);
    }
    case 'delay':
      return real(operation.qubits.flatMap((qubit) => decay(qubit, operation.seconds)));
    case 'reset':
      return real([
        { kind: 'flip', qubit: operation.qubit, error: qubits[operation.qubit]?.resetError ?? 0 },
      ]);
    default:
      return [];
  }
}

/** A pair's error for each two neighbours: 4^k Pauli products of a wide gate would be more than memory holds. */
function neighbours(touched: readonly number[], error: number): Channel[] {
  return touched
    .slice(1)
    .map((qubit, at) => ({ kind: 'depolarizing', qubits: [touched[at] as number, qubit], error }));
}

function real(channels: readonly Channel[]): Channel[] {
  return channels.filter(({ error }) => error > 0);
}

function isVirtual({ controls, targets, matrix }: Extract<Operation, { kind: 'gate' }>): boolean {
  return controls.length === 0 && targets.length === 1 && isDiagonal(matrix);
}

/** Decay with T1, and what T2 takes beyond it: 1/T2 = 1/(2 T1) + 1/T of pure dephasing. */
function decayOf(
  calibration: Calibration['qubits'][number] | undefined,
  qubit: number,
  seconds: number,
): Channel[] {
  if (calibration === undefined) return [];
  const { t1, t2 } = calibration;
  const pure = Math.max(0, 1 / t2 - 1 / (2 * t1));
  return [
    { kind: 'damping', qubit, error: 1 - Math.exp(-seconds / t1) },
    { kind: 'dephasing', qubit, error: (1 - Math.exp(-seconds * pure)) / 2 },
  ];
}
