import { type CompiledProgram, stats } from '@quantum-hub/openqasm';

/** Below this the state vector takes no time and little memory; above it a Clifford program is better off as a tableau. */
const SMALL = 16;

/** The device for a program when none is named: what is exact and cheapest for what the program uses. */
export function chooseDevice(program: CompiledProgram, inputs: Readonly<Record<string, unknown>>): string {
  const { qubitCount } = program.unit;
  return qubitCount > SMALL && isClifford(program, inputs) ? 'local/stabilizer' : 'local/statevector';
}

function isClifford(program: CompiledProgram, inputs: Readonly<Record<string, unknown>>): boolean {
  const bound = program.bind(inputs);
  try {
    return bound.ok && stats(bound.start()).clifford;
  } catch {
    // It fails while it runs: any device tells where.
    return false;
  }
}
