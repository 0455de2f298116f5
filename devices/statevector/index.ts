import { freemem, totalmem } from 'node:os';
import type { Device } from '@quantum-hub/execution/ports';
import { HARDWARE_ONLY } from '../engine/hardware-only.ts';
import { simulator } from '../engine/simulator.ts';
import { stateBytes } from '../engine/vector/amplitudes.ts';
import { stateVector } from '../engine/vector/state-vector.ts';

const MOST_QUBITS = 26;
const MEBIBYTE = 2 ** 20;

/** As many qubits as a quarter of the machine's memory holds, at most 26 (1 GiB). */
export function statevectorQubits(memoryBytes = totalmem()): number {
  return Math.max(1, Math.min(MOST_QUBITS, Math.floor(Math.log2(memoryBytes / 4 / stateBytes(0)))));
}

/** `local/statevector`: exact simulation of every gate, 2^n amplitudes in memory. */
export function statevectorDevice(): Device {
  return simulator({
    profile: {
      name: 'local/statevector',
      version: '2',
      description:
        'Exact state vector of up to 26 qubits, as memory allows (16 bytes times 2^qubits: 1 GiB for 26); every gate and all control flow.',
      qubits: statevectorQubits(),
      maximumShots: 1_000_000,
      languages: ['openqasm'],
      requests: ['counts', 'expectation'],
      gates: 'any',
      refuses: HARDWARE_ONLY,
      noise: undefined,
    },
    limits: {},
    begin: stateVector,
    copies: (qubits) =>
      Math.max(1, Math.min(64, Math.floor(Math.min(256 * MEBIBYTE, freemem() / 4) / stateBytes(qubits)))),
  });
}
