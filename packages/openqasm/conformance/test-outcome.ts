import { compiled } from '../check/test-program.ts';
import { distributionOf } from '../program/test-simulate.ts';

export const HEAD = 'OPENQASM 3.1;\ninclude "stdgates.inc";\n';

/** The only outcome that a program has, registers as devices show them; throws where there is none or chance decides. */
export function outcomeOf(source: string, inputs: Record<string, unknown> = {}): string {
  const program = compiled(source);
  const bound = program.bind(inputs);
  if (!bound.ok) throw new Error(bound.errors.map(({ message }) => message).join('\n'));
  const { qubitCount, registers } = program.unit;
  const sizes = registers.map(({ size }) => size);
  const likely = [...distributionOf(bound.start(), qubitCount, sizes)].filter(([, share]) => share > 1e-9);
  const [first, ...others] = likely;
  if (first === undefined || others.length > 0) throw new Error(`chance decides: ${JSON.stringify(likely)}`);
  return first[0];
}
