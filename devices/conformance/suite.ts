import type { Device } from '@quantum-hub/execution/ports';
import type { Calibration } from '../noisy/calibration.ts';
import { disagreement } from './agreement.ts';
import { type ConformanceCase, judge, type Verdict } from './case.ts';
import { closedForms } from './closed-forms.ts';
import { ownCorpus, qasmBench } from './corpus-cases.ts';
import { dynamicProgram, mirrorProgram, type RandomOptions } from './random-programs.ts';
import { referenceDistribution } from './reference.ts';

export type SuiteOptions = {
  /** The noise that the device is known to have; undefined: none. Then only distributions are compared, never certain outcomes. */
  readonly calibration?: Calibration;
  /** How many random programs of each kind. */
  readonly randomPrograms: number;
};

/** Everything that a device must get right, or refuse at a place. */
export function conformanceCases({ calibration, randomPrograms }: SuiteOptions): ConformanceCase[] {
  const random = [...seeds(randomPrograms)].flatMap((seed) => randomCases(seed, calibration));
  if (calibration) return random;
  const forms = [3, 8, 16, 20].flatMap(closedForms);
  return [...ownCorpus(), ...(qasmBench().cases ?? []), ...forms, ...mirrors(randomPrograms), ...random];
}

function seeds(count: number): IterableIterator<number> {
  return Array.from({ length: count }, (_, seed) => seed).values();
}

const SIZES: readonly RandomOptions[] = [
  { qubits: 3, gates: 12, clifford: false },
  { qubits: 4, gates: 14, clifford: true },
];

function randomCases(seed: number, calibration: Calibration | undefined): ConformanceCase[] {
  return SIZES.map((options) => {
    const source = dynamicProgram(options, seed);
    const name = `random/${options.clifford ? 'clifford' : 'any'}-${seed}`;
    return caseOf(name, source, seed, () => referenceDistribution(source, calibration));
  });
}

function mirrors(count: number): ConformanceCase[] {
  return [...seeds(count)].flatMap((seed) =>
    [
      { qubits: 5, gates: 60, clifford: false },
      { qubits: 12, gates: 120, clifford: false },
      { qubits: 40, gates: 400, clifford: true },
    ].map((options) =>
      caseOf(`mirror/${options.qubits}-qubits-${seed}`, mirrorProgram(options, seed), seed, () => ({
        ['0'.repeat(options.qubits)]: 1,
      })),
    ),
  );
}

function caseOf(
  name: string,
  source: string,
  seed: number,
  distribution: () => Record<string, number>,
): ConformanceCase {
  return {
    name,
    request: { kind: 'counts', program: { language: 'openqasm', source }, shots: 4096, seed },
    judge: (answer) => disagreement(answer, distribution()),
  };
}

export type SuiteResult = { readonly name: string; readonly verdict: Verdict; readonly milliseconds: number };

/** Runs cases one after another, telling each as it ends. */
export async function* runCases(
  device: Device,
  cases: readonly ConformanceCase[],
): AsyncGenerator<SuiteResult> {
  for (const each of cases) {
    const began = performance.now();
    const verdict = await judge(device, each);
    yield { name: each.name, verdict, milliseconds: performance.now() - began };
  }
}
