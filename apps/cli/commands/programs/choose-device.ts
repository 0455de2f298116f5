import { type CompiledProgram, type Diagnostic, gateName, isClifford, type Run } from '@quantum-hub/openqasm';

/** Below this the state vector takes no time and little memory; above it a Clifford program is better off as a tableau. */
const SMALL = 16;
/** Ways through a program that goes on by what it has measured; as many as `qasm stats` follows. */
const MOST_WAYS = 64;

type Widths = {
  /** Qubits of the state vector. */
  readonly dense: number;
  /** Shots of the tableau. */
  readonly tableauShots: number;
};

/** The device for a program when none is named: what is exact and cheapest for what the program uses; or why there is none. */
export function chooseDevice(
  program: CompiledProgram,
  inputs: Readonly<Record<string, unknown>>,
  shots: number,
  { dense, tableauShots }: Widths,
): { readonly device: string } | { readonly errors: readonly Diagnostic[] } {
  const { qubitCount } = program.unit;
  const fits = qubitCount <= dense;
  if (qubitCount <= SMALL || (fits && shots > tableauShots)) return { device: 'local/statevector' };
  const other = firstOther(program, inputs);
  if (other === undefined) return { device: 'local/stabilizer' };
  return fits ? { device: 'local/statevector' } : { errors: [tooWide(qubitCount, dense, other)] };
}

type Place = Pick<Diagnostic, 'line' | 'column' | 'length' | 'file'>;
type Found = Place & { readonly name: string };

function tooWide(qubits: number, dense: number, { name, ...place }: Found): Diagnostic {
  return {
    ...place,
    code: 'limit',
    message: `No simulator of this machine runs the program: it needs ${qubits} qubits, local/statevector has ${dense}, and local/stabilizer takes Clifford gates only, which ${name} is not.`,
    expected: `at most ${dense} qubits, or Clifford gates only`,
  };
}

/** A gate that is not Clifford, with its place; undefined where there is none, or where the program fails (any device tells where). */
function firstOther(program: CompiledProgram, inputs: Readonly<Record<string, unknown>>): Found | undefined {
  const bound = program.bind(inputs);
  if (!bound.ok) return undefined;
  const ways = [bound.start()];
  let started = 1;
  try {
    for (let run = ways.pop(); run; run = ways.pop()) {
      const found = followWay(run, (other) => started++ < MOST_WAYS && ways.push(other));
      if (found) return found;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/** Follows a way to its end or to a gate that is not Clifford; outcomes are 0, and the ways where they are 1 are handed out. */
function followWay(run: Run, branch: (other: Run) => void): Found | undefined {
  for (let operation = run.next(); operation; operation = run.next()) {
    if (operation.kind === 'need') {
      const other = run.copy();
      other.resolve(operation.id, 1);
      branch(other);
      run.resolve(operation.id, 0);
    } else if (operation.kind === 'gate' && !isClifford(operation)) {
      return { ...run.where(), name: gateName(operation) };
    }
  }
  return undefined;
}
