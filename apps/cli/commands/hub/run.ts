import { basename } from 'node:path';
import { type HubClient, HubProblem } from '@quantum-hub/client';
import { Command, Option } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { printable } from '../../table.ts';
import { wholeNumber } from '../../whole-number.ts';
import { readInputs } from '../programs/inputs.ts';
import { readSource, reportErrors } from '../programs/source.ts';
import { connectHub } from './connect.ts';
import { endedBadly, follow } from './follow-job.ts';
import { deviceOf } from './named.ts';
import { documentText, fetchResult, type ResultDocument } from './result.ts';

const help = 'npx qhub run --help';

type RunOptions = OutputOptions & {
  readonly device: string;
  readonly shots?: string;
  readonly seed?: string;
  readonly name?: string;
  readonly priority?: string;
  readonly input: readonly string[];
  readonly observable: readonly string[];
  readonly resources?: boolean;
  readonly wait: boolean;
};

export function runCommand(): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return new Command('run')
    .description('Run a quantum program on a device of the hub.')
    .argument('<file>', 'the program, or - for standard input (OpenQASM)')
    .option('--device <name>', 'platform and device', deviceOf(help), 'local/statevector')
    .option('--shots <number>', 'how often it is run; 1024 without this option')
    .option('--seed <number>', 'the same seed gives the same counts; drawn by the hub without this option')
    .option('--input <name=value>', "a value for one of the program's inputs; may be repeated", collect, [])
    .option('--observable <paulis>', 'an expectation value in place of counts; may be repeated', collect, [])
    .option('--resources', 'estimate what a Q# program takes on a fault-tolerant machine')
    .option('--name <name>', 'what you call the job; the name of the file without this option')
    .addOption(
      new Option('--priority <priority>', 'among your own jobs').choices(['low', 'normal', 'high', 'urgent']),
    )
    .option('--no-wait', 'print the job and leave')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The hub checks the program before it queues it: what is wrong comes back as FILE:LINE:COLUMN code message.
Ctrl-C leaves the job to the hub and says how to go on watching it, or to cancel it.

Examples:
  npx qhub run examples/adder.qasm --device local/statevector --shots 4096
  npx qhub run examples/adder-inputs.qasm --input first=5 --input second=6
  npx qhub run examples/bell.qasm --seed 7 --json
  npx qhub run examples/rotation.qasm --input theta=0.5 --observable "Z0"
  npx qhub run examples/bell.qasm --no-wait`,
    )
    .action(run);
}

async function run(file: string, options: RunOptions): Promise<void> {
  const hub = connectHub();
  const job = await submit(hub, file, options);
  if (!options.wait) {
    return printResult(options, job, `The job ${job.id} was submitted: npx qhub jobs watch ${job.id}`);
  }
  const ended = await follow(hub, job.id, job.name, options);
  if (ended.status !== 'completed') throw endedBadly(job.id, ended);
  const result = await fetchResult(hub, job.id);
  printResult(
    options,
    result,
    documentText(result as unknown as ResultDocument, process.stdout.columns || 80),
  );
}

async function submit(hub: HubClient, file: string, options: RunOptions) {
  const { bytes, language, name } = await readSource(file);
  const source = Buffer.from(bytes).toString('base64');
  const program = { language, source, encoding: 'base64' as const };
  const { device, observable, resources, priority } = options;
  const kind = resources ? 'resources' : observable.length > 0 ? 'expectation' : 'counts';
  const request = { kind, ...(kind === 'expectation' && { observables: [...observable] }) } as const;
  const numbers = {
    shots: wholeNumber(options.shots, '--shots', { least: 1, help }),
    seed: wholeNumber(options.seed, '--seed', { least: 0, help }),
  };
  const named = { name: options.name ?? (name === '-' ? 'standard input' : basename(name)) };
  try {
    const inputs = await inputsOf(hub, program, options);
    return await hub.ask((api) =>
      api.POST('/v1/jobs', {
        body: {
          device,
          program,
          request,
          ...numbers,
          ...named,
          inputs,
          ...(priority && { priority: priority as 'normal' }),
        },
      }),
    );
  } catch (error) {
    throw isAboutProgram(error) ? await toldPlaces(options, name, error) : error;
  }
}

/** Values are read by the types of the program's inputs, which the hub tells. */
async function inputsOf(
  hub: HubClient,
  program: { language: 'openqasm' | 'qsharp'; source: string; encoding: 'base64' },
  { input }: RunOptions,
): Promise<Record<string, unknown> | undefined> {
  if (input.length === 0) return undefined;
  const checked = await hub.ask((api) => api.POST('/v1/programs/check', { body: { program } }));
  // What does not compile is told by the submission, with all of its errors.
  return checked.program && readInputs(input, checked.program.inputs, help);
}

function isAboutProgram(error: unknown): error is HubProblem {
  return error instanceof HubProblem && error.errors.some(({ line }) => line !== undefined);
}

/** As `qhub simulate` tells them. */
async function toldPlaces(options: OutputOptions, name: string, { errors }: HubProblem): Promise<never> {
  const diagnostics = errors.map(
    ({ line = 1, column = 1, length = 0, code, message, expected = '', suggestion }) => ({
      ...{ line, column, length, code, message: printable(message), expected },
      ...(suggestion !== undefined && { suggestion }),
    }),
  );
  return reportErrors(options, name, diagnostics);
}
