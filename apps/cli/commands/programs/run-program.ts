import { randomInt } from 'node:crypto';
import { localDevice, parseObservable, type SpareProcess } from '@quantum-hub/devices';
import type { Device, DeviceRequest, RunOptions } from '@quantum-hub/execution/ports';
import { hubError, onStopSignal } from '@quantum-hub/kernel';
import { compile } from '@quantum-hub/openqasm';
import { exitCodes, usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { chooseDevice } from './choose-device.ts';
import { readInputs } from './inputs.ts';
import { resultJson, resultText } from './result-text.ts';
import { readSource, reportErrors, type SourceFile } from './source.ts';

/** What `qhub simulate` was asked for. */
export type Asked = OutputOptions & {
  readonly device?: string;
  readonly shots: number | undefined;
  readonly defaultShots: number;
  readonly seed: number | undefined;
  readonly input: readonly string[];
  readonly observable: readonly string[];
  readonly resources?: boolean;
  /** The command to ask for help. */
  readonly help: string;
};

/** Reads, runs and prints. */
export async function runProgram(file: string, asked: Asked, spare: SpareProcess): Promise<void> {
  const found = await readSource(file);
  const fromPipe = file === '-' && asked.device === 'local/qsharp';
  const source: SourceFile = fromPipe ? { ...found, language: 'qsharp' } : found;
  const { name, request } =
    source.language === 'qsharp' ? prepareQsharp(source, asked) : await prepare(source, asked);
  const device = await deviceOf(name, spare);
  const answer = await withProgress(asked, ({ step }) =>
    interruptibly((signal) =>
      device.run(request, { signal, onProgress: (share) => step({ done: share, total: 1, next: name }) }),
    ),
  );
  if (!answer.ok) reportErrors(asked, source.name, answer.errors);
  printResult(asked, resultJson(answer.result), resultText(answer.result, process.stdout.columns || 80));
}

/** Ctrl-C stops the work, which takes its process with it; pressed again it ends this one at once. */
async function interruptibly<Result>(
  work: (signal: NonNullable<RunOptions['signal']>) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  using _signals = onStopSignal(
    (signal) => stop.abort(hubError('kernel.interrupted', { signal })),
    () => process.exit(exitCodes.interrupted),
  );
  return await work(stop.signal);
}

type Prepared = { readonly name: string; readonly request: DeviceRequest };

function prepareQsharp({ bytes }: SourceFile, asked: Asked): Prepared {
  const program = { language: 'qsharp', source: Buffer.from(bytes).toString('utf8') } as const;
  const name = asked.device ?? 'local/qsharp';
  if (asked.input.length > 0) {
    throw usageFault('--input is for OpenQASM programs; expected none with Q#', asked.help);
  }
  if (!asked.resources) return { name, request: requestOf(program, {}, asked) };
  if (asked.shots !== undefined || asked.observable.length > 0) {
    throw usageFault(
      '--resources runs nothing; expected neither --shots nor --observable with it',
      asked.help,
    );
  }
  return { name, request: { kind: 'resources', program } };
}

async function prepare(source: SourceFile, asked: Asked): Promise<Prepared> {
  if (asked.resources) {
    throw usageFault('--resources is for Q# programs (.qs); expected none with OpenQASM', asked.help);
  }
  const compiled = compile(source.bytes);
  if (!compiled.ok) reportErrors(asked, source.name, compiled.errors);
  const { program } = compiled;
  const inputs = readInputs(asked.input, program.inputs(), asked.help);
  const request = requestOf({ language: 'openqasm', source: source.bytes }, inputs, asked);
  if (asked.device !== undefined) return { name: asked.device, request };
  const widths = {
    dense: (await deviceOf('local/statevector')).profile.qubits,
    tableauShots: (await deviceOf('local/stabilizer')).profile.maximumShots,
  };
  const choice = chooseDevice(program, inputs, asked.shots ?? asked.defaultShots, widths);
  if ('errors' in choice) reportErrors(asked, source.name, choice.errors);
  return { name: choice.device, request };
}

function requestOf(
  program: DeviceRequest['program'],
  inputs: Readonly<Record<string, unknown>>,
  { observable, shots, defaultShots, seed = randomInt(2 ** 32) }: Asked,
): DeviceRequest {
  if (observable.length === 0) return { kind: 'counts', program, inputs, shots: shots ?? defaultShots, seed };
  return { kind: 'expectation', program, inputs, observables: observable.map(parseObservable), shots, seed };
}

/** A device whose name was looked at before. */
async function deviceOf(name: string, spare?: SpareProcess): Promise<Device> {
  return (await localDevice(name, undefined, spare)) as Device;
}
