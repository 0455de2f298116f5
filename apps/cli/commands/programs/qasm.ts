import { writeFileSync } from 'node:fs';
import {
  type CompiledProgram,
  circuit,
  compile,
  drawSvg,
  drawText,
  format,
  ProgramError,
  type Stats,
  stats,
} from '@quantum-hub/openqasm';
import { Command } from 'commander';
import { exitCodes, SilentExit, usageFault } from '../../faults.ts';
import { counted, facts, type OutputOptions, printResult } from '../../output.ts';
import { readInputs } from './inputs.ts';
import { pathOf, readSource, reportErrors, type SourceFile } from './source.ts';

export function qasmCommand(): Command {
  return new Command('qasm')
    .description('OpenQASM programs: check, format, count, draw.')
    .addCommand(checkCommand())
    .addCommand(formatCommand())
    .addCommand(statsCommand())
    .addCommand(drawCommand());
}

const file = ['<file>', 'the program, or - for standard input'] as const;

async function readOpenQasm(name: string): Promise<SourceFile> {
  const source = await readSource(name);
  if (source.language === 'openqasm') return source;
  throw usageFault(`${name} is a Q# program; expected an OpenQASM one`, 'npx qhub qasm --help');
}

function compiled(source: SourceFile, options: OutputOptions): CompiledProgram {
  const result = compile(source.bytes);
  return result.ok ? result.program : reportErrors(options, source.name, result.errors);
}

const aboutCheck = `
Every error of a program at once, as FILE:LINE:COLUMN code message on standard error, or with --json { "errors": [...] }.
Exit code 0 for a right program, 1 for a wrong one.

Examples:
  npx qhub qasm check examples/adder.qasm
  cat program.qasm | npx qhub qasm check - --json     { "errors": [{ "line", "column", "length", "code", ... }] }`;

function checkCommand(): Command {
  return new Command('check')
    .description('Is the program right?')
    .argument(...file)
    .option('--json', 'print JSON')
    .addHelpText('after', aboutCheck)
    .action(async (name: string, options: OutputOptions) => {
      const source = await readOpenQasm(name);
      const { unit } = compiled(source, options);
      const bits = unit.registers.reduce((sum, { size }) => sum + size, 0);
      const text = `${source.name}: right, OpenQASM ${unit.version}, ${counted(unit.qubitCount, 'qubit')}, ${counted(bits, 'bit')}`;
      printResult(options, { errors: [] }, text);
    });
}

const aboutFormat = `
Prints the program in canonical form, comments kept; --write puts it back into the file; --check only tells whether it would
change (exit code 1 when it would).

Examples:
  npx qhub qasm format examples/adder.qasm
  npx qhub qasm format examples/adder.qasm --write`;

type FormatOptions = OutputOptions & { readonly write?: boolean; readonly check?: boolean };

function formatCommand(): Command {
  return new Command('format')
    .description('Lay the program out in the canonical way.')
    .argument(...file)
    .option('--write', 'write the file instead of printing')
    .option('--check', 'say whether the file is formatted')
    .option('--json', 'print JSON')
    .addHelpText('after', aboutFormat)
    .action(formatFile);
}

async function formatFile(name: string, options: FormatOptions): Promise<void> {
  if (options.write && name === '-') {
    throw usageFault('--write needs a file; expected a name and not -', 'npx qhub qasm format --help');
  }
  if (options.write && options.check) {
    throw usageFault('--write and --check exclude each other; expected one', 'npx qhub qasm format --help');
  }
  const source = await readOpenQasm(name);
  const formatted = format(source.bytes);
  if (!formatted.ok) reportErrors(options, source.name, formatted.errors);
  const changed = Buffer.from(formatted.text).compare(source.bytes) !== 0;
  if (options.check) {
    printResult(options, { formatted: !changed }, `${name}: ${changed ? 'not formatted' : 'formatted'}`);
    if (changed) throw new SilentExit(exitCodes.failed);
  } else if (options.write) {
    if (changed) writeFileSync(pathOf(name), formatted.text);
    printResult(options, { changed }, `${name}: ${changed ? 'written' : 'unchanged'}`);
  } else if (options.json) printResult(options, { text: formatted.text }, '');
  else process.stdout.write(formatted.text);
}

const aboutStats = `
Gates are counted as the program runs them: own gates and loops expanded, inputs bound. Where a program goes on by what it has
measured, the smallest numbers of all its ways are told, and which those are.

Examples:
  npx qhub qasm stats examples/teleport.qasm
  npx qhub qasm stats examples/rotation.qasm --input theta=0.5 --json`;

type InputOptions = OutputOptions & { readonly input: readonly string[] };
const collect = (value: string, before: readonly string[]) => [...before, value];

function statsCommand(): Command {
  return new Command('stats')
    .description('Gates, depth, T-count.')
    .argument(...file)
    .option('--input <name=value>', "a value for one of the program's inputs; may be repeated", collect, [])
    .option('--json', 'print JSON')
    .addHelpText('after', aboutStats)
    .action(async (name: string, options: InputOptions) => {
      const source = await readOpenQasm(name);
      const program = compiled(source, options);
      const bound = program.bind(readInputs(options.input, program.inputs(), 'npx qhub qasm stats --help'));
      if (!bound.ok) reportErrors(options, source.name, bound.errors);
      try {
        const numbers = stats(bound.start());
        printResult(options, { qubits: program.unit.qubitCount, ...numbers }, statsText(program, numbers));
      } catch (error) {
        if (!(error instanceof ProgramError)) throw error;
        reportErrors(options, source.name, [error.diagnostic]);
      }
    });
}

function statsText({ unit }: CompiledProgram, numbers: Stats): string {
  const least = (name: keyof Stats, value: number) =>
    `${numbers.lowerBounds.includes(name) ? 'at least ' : ''}${value}`;
  const byName = Object.entries(numbers.gatesByName).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return facts([
    ['qubits', `${unit.qubitCount}, ${numbers.qubitsUsed} of them used`],
    ['gates', least('gates', numbers.gates)],
    ['  by name', byName.map(([name, count]) => `${name} ${count}`).join(', ') || undefined],
    ['two-qubit gates', least('twoQubitGates', numbers.twoQubitGates)],
    ['larger gates', least('multiQubitGates', numbers.multiQubitGates)],
    ['T gates', least('tCount', numbers.tCount)],
    ['depth', least('depth', numbers.depth)],
    ['with measurements', least('depthWithMeasurements', numbers.depthWithMeasurements)],
    ['measurements', least('measurements', numbers.measurements)],
    ['resets', least('resets', numbers.resets)],
    ['Clifford', numbers.clifford ? 'yes' : 'no'],
    ['counted', numbers.of === 'every-run' ? undefined : 'on some of the ways through the program only'],
  ]);
}

const aboutDraw = `
Draws the circuit as text, or with --svg as a picture. Loops and branches are framed.

Examples:
  npx qhub qasm draw examples/adder.qasm
  npx qhub qasm draw examples/adder.qasm --svg > adder.svg`;

type DrawOptions = OutputOptions & { readonly svg?: boolean; readonly ascii?: boolean };

function drawCommand(): Command {
  return new Command('draw')
    .description('Draw the circuit.')
    .argument(...file)
    .option('--svg', 'a picture instead of text')
    .option('--ascii', 'letters that every terminal has')
    .option('--json', 'print JSON')
    .addHelpText('after', aboutDraw)
    .action(async (name: string, options: DrawOptions) => {
      const source = await readOpenQasm(name);
      const program = compiled(source, options);
      const drawing = circuit(program.unit, (span) => program.textOf(span));
      const text = options.svg
        ? drawSvg(drawing)
        : drawText(drawing, { width: process.stdout.columns || 100, ascii: options.ascii ?? false });
      if (options.json) printResult(options, { [options.svg ? 'svg' : 'text']: text }, '');
      else process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    });
}
