import { type CompiledProgram, compile } from '../compile.ts';
import type { Operation } from '../program/operation.ts';
import { DEFAULT_LIMITS, type Limits } from '../source/limits.ts';

/** Test helpers: what a program's text leads to, in one line each. */

/** `line:column+length code` of every error, in order; empty where the program compiles. */
export function errorsOf(source: string, limits: Partial<Limits> = DEFAULT_LIMITS): string[] {
  const result = compile(source, { limits });
  if (result.ok) return [];
  return result.errors.map(({ line, column, length, code }) => `${line}:${column}+${length} ${code}`);
}

export function compiled(source: string): CompiledProgram {
  const result = compile(source);
  if (result.ok) return result.program;
  const errors = result.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
  throw new Error(`${errors.join('\n')}\nin:\n${source}`);
}

export type Told = {
  /** Registers as a device shows them: the last declared one left-most, `c[n-1]`...`c[0]`. */
  readonly bits: string;
  readonly operations: readonly Operation[];
};

/** Runs a program; measurement number i gives `outcomes[i]`, 0 where there is none. */
export function runOf(
  source: string,
  outcomes: readonly (0 | 1)[] = [],
  inputs: Record<string, unknown> = {},
): Told {
  const program = compiled(source);
  const bound = program.bind(inputs);
  if (!bound.ok) throw new Error(bound.errors.map(({ message }) => message).join('\n'));
  const run = bound.start();
  const operations: Operation[] = [];
  for (let next = run.next(); next !== undefined; next = run.next()) {
    if (next.kind === 'measure') run.resolve(next.id, outcomes[next.id] ?? 0);
    operations.push(next);
  }
  const cells = [...run.bits()];
  const registers = program.unit.registers.map(({ size }) => cells.splice(0, size).reverse().join(''));
  return { bits: registers.reverse().join(' '), operations };
}

/** `x 0`, `cx 0 1`: the gates of a run with their qubits, controls first. */
export function gatesOf(source: string, inputs: Record<string, unknown> = {}): string[] {
  return runOf(source, [], inputs).operations.flatMap((operation) =>
    operation.kind === 'gate'
      ? [
          `${'c'.repeat(operation.controls.length)}${operation.name} ${[...operation.controls, ...operation.targets].join(' ')}`,
        ]
      : [],
  );
}
