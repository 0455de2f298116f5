import type { CheckOptions, ProgramErrors, ProgramFacts, QuantumProgram } from '@quantum-hub/execution/ports';
import {
  type CompiledProgram,
  circuit,
  compile,
  drawSvg,
  drawText,
  ProgramError,
  stats,
} from '@quantum-hub/openqasm';

export type Known =
  | { readonly ok: true; readonly facts: ProgramFacts; readonly program: CompiledProgram | undefined }
  | { readonly ok: false; readonly errors: ProgramErrors };

/** What a program tells of itself when it compiles; `program` where there is one to walk through. */
export async function programFacts(
  program: QuantumProgram,
  drawing?: CheckOptions['circuit'],
): Promise<Known> {
  if (program.language === 'qsharp') {
    const { qsharpInputs } = await import('./qsharp/index.ts');
    const read = await qsharpInputs(program.source);
    if (!read.ok) return read;
    const untold = {
      qubits: undefined,
      registers: undefined,
      features: undefined,
      stats: undefined,
      circuit: undefined,
    };
    return { ok: true, facts: { language: 'qsharp', inputs: read.inputs, ...untold }, program: undefined };
  }
  const compiled = compile(program.source, { includes: program.includes });
  if (!compiled.ok) return compiled;
  const { unit } = compiled.program;
  const facts: ProgramFacts = {
    language: unit.version === 2 ? 'openqasm2' : 'openqasm3',
    inputs: compiled.program.inputs(),
    qubits: unit.qubitCount,
    registers: unit.registers.map(({ name, size }) => ({ name, size })),
    features: compiled.program.features(),
    stats: undefined,
    circuit: drawing && draw(compiled.program, drawing),
  };
  return { ok: true, facts, program: compiled.program };
}

/** Bounded in columns and qubits whatever the program. */
function draw({ unit, textOf }: CompiledProgram, how: 'text' | 'svg'): string {
  const drawing = circuit(unit, textOf);
  return how === 'svg' ? drawSvg(drawing) : drawText(drawing);
}

type Start = () => ReturnType<Extract<ReturnType<CompiledProgram['bind']>, { ok: true }>['start']>;

/**
 * What goes wrong in every run: the operations up to the first outcome that the program waits for are the same in all of them. Loops of
 * a thousand million rounds and gates that stand for more gates than any device runs are found here.
 */
export function certainErrors(start: Start): ProgramErrors {
  try {
    const run = start();
    for (let operation = run.next(); operation && operation.kind !== 'need'; operation = run.next());
    return [];
  } catch (error) {
    if (error instanceof ProgramError) return [error.diagnostic];
    throw error;
  }
}

/** Numbers about the program's runs; undefined where a way through it fails. */
export function statsOf(start: Start): ProgramFacts['stats'] {
  try {
    return stats(start());
  } catch (error) {
    if (error instanceof ProgramError) return undefined;
    throw error;
  }
}
