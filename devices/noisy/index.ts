import type { Device } from '@quantum-hub/execution/ports';
import { HARDWARE_ONLY } from '../engine/hardware-only.ts';
import { simulator } from '../engine/simulator.ts';
import { stateVector } from '../engine/vector/state-vector.ts';
import { type Calibration, madeUpCalibration, NOISY_QUBITS } from './calibration.ts';
import { channelsAfter } from './channels.ts';
import { averageOf, DENSITY_QUBITS, densityMatrix } from './density.ts';
import { eventOf } from './trajectory.ts';

/**
 * `local/noisy`: what a small superconducting device might answer, by trajectories. The calibration is made up and stands in the
 * profile; another one may be given, for instance none at all.
 */
export function noisyDevice(calibration: Calibration = madeUpCalibration()): Device {
  return simulator({
    profile: {
      name: 'local/noisy',
      version: '2',
      description:
        'Depolarizing, decay, dephasing, reset and readout errors of a made-up calibration, by trajectories.',
      qubits: NOISY_QUBITS,
      maximumShots: 100_000,
      languages: ['openqasm'],
      requests: ['counts', 'expectation'],
      gates: 'any',
      refuses: HARDWARE_ONLY,
      noise: calibration,
    },
    limits: {},
    begin: stateVector,
    copies: () => 16,
    noise: {
      after: (operation) => channelsAfter(calibration, operation).map(eventOf),
      misread(qubit, outcome) {
        const { oneForZero, zeroForOne } = calibration.qubits[qubit]?.readout ?? {
          oneForZero: 0,
          zeroForOne: 0,
        };
        return outcome === 0 ? oneForZero : zeroForOne;
      },
    },
    exact: {
      qubits: DENSITY_QUBITS,
      begin: densityMatrix,
      after: (operation) => channelsAfter(calibration, operation).map(averageOf),
    },
  });
}
