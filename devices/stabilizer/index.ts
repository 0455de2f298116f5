import type { Device } from '@quantum-hub/execution/ports';
import { HARDWARE_ONLY } from '../engine/hardware-only.ts';
import { simulator } from '../engine/simulator.ts';
import { stabilizerState } from './stabilizer.ts';

const QUBITS = 10_000;
const FORKS_BYTES = 256 * 2 ** 20;

/** `local/stabilizer`: Clifford programs of thousands of qubits; a gate that is not Clifford is refused at its place. */
export function stabilizerDevice(): Device {
  return simulator({
    profile: {
      name: 'local/stabilizer',
      version: '1',
      description:
        'Clifford programs (h, s, Paulis, cx, cz, swap and what is made of them), measurements and control flow, up to 10000 qubits.',
      qubits: QUBITS,
      maximumShots: 100_000,
      languages: ['openqasm'],
      requests: ['counts', 'expectation'],
      gates: 'any',
      refuses: HARDWARE_ONLY,
      noise: undefined,
    },
    limits: { qubits: QUBITS },
    begin: stabilizerState,
    // Two columns of 2n bits a qubit.
    copies: (qubits) => Math.max(1, Math.min(64, Math.floor(FORKS_BYTES / ((qubits * qubits) / 2 + 1)))),
  });
}
