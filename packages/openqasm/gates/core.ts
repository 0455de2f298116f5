import { BASE_GATES, type BaseGate } from './base-gates.ts';
import { distance, identity, type Matrix, rows, wholePower } from './matrix.ts';
import { fractionalPower } from './unitary-power.ts';

/** A unitary without its controls, as it goes into operations. Cores are shared: never changed. */
export type Core = {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly matrix: Matrix;
  readonly base: BaseGate | undefined;
};

const NONE: readonly number[] = [];
// pow(1/2) @ x gets the name sx where the matrices agree to this; a power is exact to some 1e-15.
const SAME = 1e-13;

const FIXED: ReadonlyMap<string, Core> = new Map(
  [...BASE_GATES.values()]
    .filter((base) => base.parameters === 0)
    .map((base) => [base.name, { name: base.name, parameters: NONE, matrix: base.matrix([]), base }]),
);
const inverses = new WeakMap<Core, Core>();

/** @param parameters radians, as many as the gate takes */
export function coreOf(base: BaseGate, parameters: readonly number[]): Core {
  const fixed = base.parameters === 0 ? FIXED.get(base.name) : undefined;
  return fixed ?? { name: base.name, parameters, matrix: base.matrix(parameters), base };
}

/** A core with the name of a standard gate where the matrix is exactly that gate's, otherwise `u` without parameters. */
export function coreOfMatrix(matrix: Matrix): Core {
  for (const fixed of FIXED.values()) if (distance(fixed.matrix, matrix) < SAME) return fixed;
  return { name: 'u', parameters: NONE, matrix, base: undefined };
}

export function inverseOf(core: Core): Core {
  const before = inverses.get(core);
  if (before) return before;
  const undone = core.base?.inverse(core.parameters);
  const base = undone && BASE_GATES.get(undone.name);
  const inverse =
    undone && base ? coreOf(base, undone.parameters) : coreOfMatrix(wholePower(core.matrix, -1));
  inverses.set(core, inverse);
  return inverse;
}

/** The power of a core, or undefined where it is the identity. Turns of one angle stay what they are: rx(a)^k is rx(k a). */
export function powerOf(core: Core, exponent: number): Core | undefined {
  if (exponent === 1) return core;
  if (exponent === -1) return inverseOf(core);
  if (!Number.isInteger(exponent)) return coreOfMatrix(fractionalPower(core.matrix, exponent));
  if (exponent === 0) return undefined;
  if (core.base?.parameters === 1) return coreOf(core.base, [(core.parameters[0] as number) * exponent]);
  const matrix = wholePower(core.matrix, exponent);
  return distance(matrix, identity(rows(matrix))) < SAME ? undefined : coreOfMatrix(matrix);
}
