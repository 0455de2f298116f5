import { compile } from '@quantum-hub/openqasm';
import { exactDistribution } from '../engine/distribution.ts';
import { seededRandom } from '../engine/random.ts';
import type { Calibration } from '../noisy/calibration.ts';
import { channelsAfter } from '../noisy/channels.ts';
import { averageOf, densityMatrix } from '../noisy/density.ts';
import type { Distribution } from './agreement.ts';

/** The exact distribution of a small program by the density matrix, with the noise of a calibration or without. */
export function referenceDistribution(source: string, calibration?: Calibration): Distribution {
  const compiled = compile(source);
  if (!compiled.ok) throw new Error(`${JSON.stringify(compiled.errors)} in\n${source}`);
  const bound = compiled.program.bind({});
  if (!bound.ok) throw new Error(JSON.stringify(bound.errors));
  const { qubitCount, registers } = compiled.program.unit;
  return exactDistribution({
    begin: () => ({ run: bound.start(), state: densityMatrix(qubitCount) }),
    copies: 64,
    registers: registers.map(({ name, size }) => ({ name, size })),
    random: seededRandom(0),
    onProgress: () => {},
    ...(calibration && {
      after: (operation) => channelsAfter(calibration, operation).map(averageOf),
      misread(qubit, outcome) {
        const { oneForZero = 0, zeroForOne = 0 } = calibration.qubits[qubit]?.readout ?? {};
        return outcome === 0 ? oneForZero : zeroForOne;
      },
    }),
  });
}
