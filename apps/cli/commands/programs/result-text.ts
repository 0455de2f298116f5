import type {
  CountsResult,
  DeviceResult,
  ExpectationResult,
  ResourcesResult,
} from '@quantum-hub/execution/ports';
import { counted, facts } from '../../output.ts';
import { histogram } from './histogram.ts';

/** A result as one JSON object: what was found first, then where it comes from. */
export function resultJson({ kind, device, programHash, ...found }: DeviceResult): unknown {
  return { ...found, device: device.name, programHash, deviceVersion: device.version };
}

/** A result for people. @param columns letters in a line */
export function resultText(result: DeviceResult, columns: number): string {
  switch (result.kind) {
    case 'counts':
      return countsText(result, columns);
    case 'expectation':
      return expectationText(result);
    case 'resources':
      return resourcesText(result);
  }
}

function countsText({ counts, shots, seed, device, registers }: CountsResult, columns: number): string {
  const head = `${device.name}, ${counted(shots, 'shot')}, seed ${seed}`;
  const names = registers.toReversed().map(({ name, size }) => `${name}[${size}]`);
  const all = names.length === 0 ? head : `${head}, outcomes ${names.join(' ')}`;
  const short = `${head}, outcomes of ${counted(names.length, 'register')}`;
  return `${all.length <= columns ? all : short}\n${histogram(counts, shots, columns)}`;
}

function expectationText({ values, shots, seed, device }: ExpectationResult): string {
  const how = shots === undefined ? 'exact' : `${counted(shots, 'shot')} a term, seed ${seed}`;
  const width = Math.max(...values.map(({ observable }) => observable.length));
  const lines = values.map(({ observable, value, standardError }) => {
    const error = shots === undefined ? '' : ` ± ${standardError.toFixed(6)}`;
    return `  ${observable.padEnd(width)}  ${value.toFixed(6).padStart(10)}${error}`;
  });
  return `${device.name}, ${how}\n${lines.join('\n')}`;
}

/** The part of the QDK's estimate that answers "how large, how long". */
type Estimate = {
  readonly physicalCounts: { readonly physicalQubits: number };
  readonly physicalCountsFormatted: {
    readonly runtime: string;
    readonly algorithmicLogicalQubits: string;
    readonly algorithmicLogicalDepth: string;
    readonly numTstates: string;
  };
  readonly logicalQubit: { readonly codeDistance: number; readonly physicalQubits: number };
  readonly jobParams: {
    readonly qubitParams: { readonly name: string };
    readonly qecScheme: { readonly name: string };
    readonly errorBudget: number;
  };
};

function resourcesText({ estimate, device }: ResourcesResult): string {
  const [first] = estimate as readonly [Estimate];
  const { physicalCounts, physicalCountsFormatted: told, logicalQubit, jobParams } = first;
  const { qubitParams, qecScheme, errorBudget } = jobParams;
  const lines = facts([
    ['physical qubits', String(physicalCounts.physicalQubits)],
    ['run time', told.runtime],
    [
      'logical qubits',
      `${told.algorithmicLogicalQubits}, each of ${logicalQubit.physicalQubits} physical ones`,
    ],
    ['logical depth', told.algorithmicLogicalDepth],
    ['T states', told.numTstates],
    ['assumed', `${qubitParams.name}, ${qecScheme.name} of distance ${logicalQubit.codeDistance}`],
    ['error budget', String(errorBudget)],
  ]);
  return `${device.name}, resources of a fault-tolerant machine; --json prints the whole estimate\n${lines}`;
}
