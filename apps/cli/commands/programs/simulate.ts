import { randomInt } from 'node:crypto';
import { localDevice, localDeviceNames, parseObservable } from '@quantum-hub/devices';
import type {
  CountsResult,
  Device,
  DeviceRequest,
  DeviceResult,
  ExpectationResult,
} from '@quantum-hub/execution/ports';
import { type CompiledProgram, compile } from '@quantum-hub/openqasm';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { chooseDevice } from './choose-device.ts';
import { histogram } from './histogram.ts';
import { readInputs } from './inputs.ts';
import { readSource, reportErrors, type SourceFile } from './source.ts';

const HELP = 'npx qhub simulate --help';
const DEFAULT_SHOTS = 1024;

const about = `
FILE is an OpenQASM 2 or 3 program, a Q# program (.qs), or - for standard input. Nothing is needed but this checkout: no
database, no server. Without --device the exact one is taken that is cheapest for the program.
An outcome shows every classical register, the last declared one left-most, each from its highest bit to bit 0.
With --observable, expectation values take the place of counts: exact ones without --shots.
A wrong program ends with exit code 1 and FILE:LINE:COLUMN code message, or with --json { "errors": [...] }.

Examples:
  npx qhub simulate examples/adder.qasm
  npx qhub simulate examples/adder.qasm --shots 4096 --seed 7 --json     { "counts", "registers", "shots", "seed", ... }
  npx qhub simulate examples/rotation.qasm --input theta=0.5 --observable "Z0" --observable "0.5*X0 - Y0"
  npx qhub simulate examples/bell.qasm --device local/noisy`;

type Options = OutputOptions & {
  readonly device?: string;
  readonly shots?: string;
  readonly seed?: string;
  readonly input: readonly string[];
  readonly observable: readonly string[];
  readonly resources?: boolean;
};

export function simulateCommand(): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return new Command('simulate')
    .description('Run a quantum program on a simulator of this machine.')
    .argument('<file>', 'the program, or - for standard input')
    .option('--device <name>', `one of ${localDeviceNames.join(', ')}`)
    .option('--shots <number>', `how often it is run; ${DEFAULT_SHOTS} without this option`)
    .option('--seed <number>', 'the same seed gives the same counts; a random one without this option')
    .option('--input <name=value>', "a value for one of the program's inputs; may be repeated", collect, [])
    .option('--observable <paulis>', 'an expectation value in place of counts; may be repeated', collect, [])
    .option('--resources', 'estimate what a Q# program takes on a fault-tolerant machine')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(simulate);
}

async function simulate(file: string, options: Options): Promise<void> {
  const source = await readSource(file);
  const { device, request } = await prepare(source, options);
  const answer = await withProgress(options, ({ step }) =>
    device.run(request, {
      onProgress: (share) => step({ done: Math.round(share * 1000), total: 1000, next: device.profile.name }),
    }),
  );
  if (!answer.ok) reportErrors(options, source.name, answer.errors);
  printResult(options, jsonOf(answer.result), textOf(answer.result));
}

async function prepare(
  source: SourceFile,
  options: Options,
): Promise<{ device: Device; request: DeviceRequest }> {
  const seed = wholeNumber(options.seed, '--seed', 0) ?? randomInt(2 ** 32);
  const shots = wholeNumber(options.shots, '--shots', 1);
  if (source.language === 'qsharp') {
    const device = await deviceOf(options.device ?? 'local/qsharp');
    const program = { language: 'qsharp', source: Buffer.from(source.bytes).toString('utf8') } as const;
    if (options.input.length > 0)
      throw usageFault('--input is for OpenQASM programs; expected none with Q#', HELP);
    if (options.resources) return { device, request: { kind: 'resources', program } };
    return { device, request: requestOf(program, {}, options, shots, seed) };
  }
  if (options.resources)
    throw usageFault('--resources is for Q# programs (.qs); expected none with OpenQASM', HELP);
  const program = compiled(source, options);
  const inputs = readInputs(options.input, program.inputs(), HELP);
  const device = await deviceOf(options.device ?? chooseDevice(program, inputs));
  const request = requestOf({ language: 'openqasm', source: source.bytes }, inputs, options, shots, seed);
  return { device, request };
}

function compiled(source: SourceFile, options: Options): CompiledProgram {
  const result = compile(source.bytes);
  return result.ok ? result.program : reportErrors(options, source.name, result.errors);
}

function requestOf(
  program: DeviceRequest['program'],
  inputs: Readonly<Record<string, unknown>>,
  { observable }: Options,
  shots: number | undefined,
  seed: number,
): DeviceRequest {
  if (observable.length === 0)
    return { kind: 'counts', program, inputs, shots: shots ?? DEFAULT_SHOTS, seed };
  return { kind: 'expectation', program, inputs, observables: observable.map(parseObservable), shots, seed };
}

async function deviceOf(name: string): Promise<Device> {
  const device = await localDevice(name);
  if (device) return device;
  throw usageFault(`--device is "${name}"; expected one of ${localDeviceNames.join(', ')}`, HELP);
}

function wholeNumber(text: string | undefined, option: string, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw usageFault(`${option} is "${text}"; expected a whole number from ${least}`, HELP);
}

function jsonOf(result: DeviceResult): unknown {
  const { device, kind, ...rest } = result;
  return { ...rest, device: device.name, deviceVersion: device.version };
}

function textOf(result: DeviceResult): string {
  switch (result.kind) {
    case 'counts':
      return countsText(result);
    case 'expectation':
      return expectationText(result);
    case 'resources':
      return JSON.stringify(result.estimate, undefined, 2);
  }
}

function countsText({ counts, shots, seed, device, registers }: CountsResult): string {
  const names = registers.toReversed().map(({ name, size }) => `${name}[${size}]`);
  const head = `${device.name}, ${counted(shots, 'shot')}, seed ${seed}${names.length > 0 ? `, outcomes ${names.join(' ')}` : ''}`;
  return `${head}\n${histogram(counts, shots, process.stdout.columns || 80)}`;
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
