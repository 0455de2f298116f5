import { localDeviceNames, startSpare } from '@quantum-hub/devices';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import type { OutputOptions } from '../../output.ts';
import { wholeNumber } from '../../whole-number.ts';

const SIMULATE_HELP = 'npx qhub simulate --help';
const DEFAULT_SHOTS = 1024;

const about = `
FILE is an OpenQASM 2 or 3 program, a Q# program (.qs), or - for standard input (OpenQASM, or Q# with --device local/qsharp).
Nothing is needed but this checkout: no database, no server. Without --device the exact one is taken that is cheapest for the
program. An outcome shows every classical register, the last declared one left-most, each from its highest bit to bit 0.
With --observable, expectation values take the place of counts: exact ones without --shots.
A wrong program ends with exit code 1 and FILE:LINE:COLUMN code message, or with --json { "errors": [...] }.

Examples:
  npx qhub simulate examples/bell.qasm
  npx qhub simulate examples/bell.qasm --shots 4096 --seed 7 --json     { "counts", "registers", "shots", "seed", ... }
  npx qhub simulate examples/adder-inputs.qasm --input first=5 --input second=6
  npx qhub simulate examples/rotation.qasm --input theta=0.5 --observable "Z0" --observable "0.5*X0 - Y0"
  npx qhub simulate examples/bell.qasm --device local/noisy
  npx qhub simulate examples/ghz.qs --resources`;

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

/** Most of a short run is loading code: the sandbox's process loads its part while this one loads the compiler. */
async function simulate(file: string, options: Options): Promise<void> {
  const { device } = options;
  if (device !== undefined && !localDeviceNames.includes(device)) {
    throw usageFault(
      `--device is "${device}"; expected one of ${localDeviceNames.join(', ')}`,
      SIMULATE_HELP,
    );
  }
  const shots = wholeNumber(options.shots, '--shots', { least: 1, help: SIMULATE_HELP });
  const seed = wholeNumber(options.seed, '--seed', { least: 0, help: SIMULATE_HELP });
  using spare = startSpare(device ?? (file.endsWith('.qs') ? 'local/qsharp' : 'local/statevector'));
  const { runProgram } = await import('./run-program.ts');
  await runProgram(
    file,
    { ...options, shots, defaultShots: DEFAULT_SHOTS, seed, help: SIMULATE_HELP },
    spare,
  );
}
