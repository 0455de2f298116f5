import type { Device } from '@quantum-hub/execution/ports';
import type { ConformanceCase } from './conformance/case.ts';
import { qasmBench } from './conformance/corpus-cases.ts';
import { qsharpCases } from './conformance/qsharp-cases.ts';
import { conformanceCases, runCases, type SuiteResult } from './conformance/suite.ts';
import { inProcessDevice } from './local-devices.ts';

export type { SuiteResult } from './conformance/suite.ts';

export type Verification = {
  readonly total: number;
  readonly results: AsyncGenerator<SuiteResult>;
  /** What was left out, and how to have it. */
  readonly notes: readonly string[];
};

const RANDOM_PROGRAMS = 40;

/** The conformance suite for a local device, in this process (hundreds of small programs); undefined for a name that is none. */
export async function verifyDevice(name: string): Promise<Verification | undefined> {
  const device = await inProcessDevice(name);
  if (device === undefined) return undefined;
  const parts = await partsOf(device);
  const { folder, cases } = qasmBench();
  return {
    total: parts.reduce((sum, part) => sum + part.cases.length, 0),
    results: inTurn(parts),
    notes:
      cases === undefined
        ? [`QASMBench was left out: ${folder} is absent; QHUB_CORPUS names another folder.`]
        : [],
  };
}

type Part = { readonly device: Device; readonly cases: readonly ConformanceCase[] };

async function partsOf(device: Device): Promise<Part[]> {
  if (device.profile.languages.includes('qsharp')) return [{ device, cases: qsharpCases() }];
  const exact = conformanceCases({ randomPrograms: RANDOM_PROGRAMS });
  if (device.profile.noise === undefined) return [{ device, cases: exact }];
  const { madeUpCalibration, noiselessCalibration } = await import('./noisy/calibration.ts');
  const { noisyDevice } = await import('./noisy/index.ts');
  const calibration = madeUpCalibration();
  return [
    { device: noisyDevice(noiselessCalibration()), cases: exact },
    {
      device: noisyDevice(calibration),
      cases: conformanceCases({ calibration, randomPrograms: RANDOM_PROGRAMS }),
    },
  ];
}

async function* inTurn(parts: readonly Part[]): AsyncGenerator<SuiteResult> {
  for (const { device, cases } of parts) yield* runCases(device, cases);
}
