/**
 * The gates that have a matrix of their own; every other standard gate is one of these under controls, or a list of them.
 * Matrices as in `Gate.matrix` (program/operation.ts): row-major, re and im interleaved, bit j of a row belongs to target j.
 * Source: openqasm.com/versions/3.1, "Gates" and "Standard library". The language's own U is `u` with gamma = theta / 2: 3.1 gives it
 * the phase that makes it periodic in theta (earlier revisions did not; OpenQASM 2 has e^{-i(phi+lambda)/2}, but no controls on gates
 * of its own, so that no program can tell).
 */
export type BaseGate = {
  readonly name: string;
  readonly parameters: number;
  readonly targets: number;
  /** Radians in, a new matrix out. */
  readonly matrix: (parameters: readonly number[]) => Float64Array;
  /** The base gate and parameters that undo it. */
  readonly inverse: (parameters: readonly number[]) => { name: string; parameters: readonly number[] };
};

const ROOT_HALF = Math.SQRT1_2;

// Math.cos(Math.PI / 2) is 6e-17: cut such crumbs, so that U(pi, 0, pi) is x to the last bit and zeros stay zeros.
const CRUMB = 2.5e-16;
const trim = (value: number): number => (Math.abs(value) < CRUMB ? 0 : value);
const cos = (angle: number): number => trim(Math.cos(angle));
const sin = (angle: number): number => trim(Math.sin(angle));

const negate = (parameters: readonly number[]): readonly number[] => parameters.map((value) => -value);

function fixed(name: string, inverse: string, targets: number, entries: readonly number[]): BaseGate {
  return {
    name,
    parameters: 0,
    targets,
    matrix: () => new Float64Array(entries),
    inverse: () => ({ name: inverse, parameters: [] }),
  };
}

/** A gate of one angle, undone by the opposite angle. */
function turning(name: string, targets: number, entries: (angle: number) => readonly number[]): BaseGate {
  return {
    name,
    parameters: 1,
    targets,
    matrix: ([angle = 0]) => new Float64Array(entries(angle)),
    inverse: (parameters) => ({ name, parameters: negate(parameters) }),
  };
}

function phase(angle: number): readonly number[] {
  return [1, 0, 0, 0, 0, 0, cos(angle), sin(angle)];
}

/** e^{i gamma} U(theta, phi, lambda). */
function u(theta: number, phi: number, lambda: number, gamma: number): Float64Array {
  const c = cos(theta / 2);
  const s = sin(theta / 2);
  // Float64Array.from and spreads take five times as long, and a flat program makes one matrix a gate.
  const result = new Float64Array(8);
  result[0] = c * cos(gamma);
  result[1] = c * sin(gamma);
  result[2] = -s * cos(gamma + lambda);
  result[3] = -s * sin(gamma + lambda);
  result[4] = s * cos(gamma + phi);
  result[5] = s * sin(gamma + phi);
  result[6] = c * cos(gamma + phi + lambda);
  result[7] = c * sin(gamma + phi + lambda);
  return result;
}

function diagonal(entries: readonly (readonly [number, number])[]): readonly number[] {
  const size = entries.length;
  const matrix = new Array<number>(2 * size * size).fill(0);
  for (const [row, [re, im]] of entries.entries()) {
    matrix[2 * row * (size + 1)] = re;
    matrix[2 * row * (size + 1) + 1] = im;
  }
  return matrix;
}

/** cos(angle / 2) I - i sin(angle / 2) X (x) X */
function rxx(angle: number): readonly number[] {
  const c = cos(angle / 2);
  const s = -sin(angle / 2);
  const o = 0;
  return [c, o, o, o, o, o, o, s, o, o, c, o, o, s, o, o, o, o, o, s, c, o, o, o, o, s, o, o, o, o, c, o];
}

function rzz(angle: number): readonly number[] {
  const c = cos(angle / 2);
  const s = sin(angle / 2);
  return diagonal([
    [c, -s],
    [c, s],
    [c, s],
    [c, -s],
  ]);
}

const SWAP = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];

const TABLE: readonly BaseGate[] = [
  {
    name: 'gphase',
    parameters: 1,
    targets: 0,
    matrix: ([angle = 0]) => Float64Array.of(cos(angle), sin(angle)),
    inverse: (parameters) => ({ name: 'gphase', parameters: negate(parameters) }),
  },
  fixed('id', 'id', 1, [1, 0, 0, 0, 0, 0, 1, 0]),
  fixed('x', 'x', 1, [0, 0, 1, 0, 1, 0, 0, 0]),
  fixed('y', 'y', 1, [0, 0, 0, -1, 0, 1, 0, 0]),
  fixed('z', 'z', 1, [1, 0, 0, 0, 0, 0, -1, 0]),
  fixed('h', 'h', 1, [ROOT_HALF, 0, ROOT_HALF, 0, ROOT_HALF, 0, -ROOT_HALF, 0]),
  fixed('s', 'sdg', 1, [1, 0, 0, 0, 0, 0, 0, 1]),
  fixed('sdg', 's', 1, [1, 0, 0, 0, 0, 0, 0, -1]),
  fixed('t', 'tdg', 1, [1, 0, 0, 0, 0, 0, ROOT_HALF, ROOT_HALF]),
  fixed('tdg', 't', 1, [1, 0, 0, 0, 0, 0, ROOT_HALF, -ROOT_HALF]),
  fixed('sx', 'sxdg', 1, [0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5]),
  fixed('sxdg', 'sx', 1, [0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5]),
  turning('p', 1, phase),
  turning('rx', 1, (angle) => [cos(angle / 2), 0, 0, -sin(angle / 2), 0, -sin(angle / 2), cos(angle / 2), 0]),
  turning('ry', 1, (angle) => [cos(angle / 2), 0, -sin(angle / 2), 0, sin(angle / 2), 0, cos(angle / 2), 0]),
  turning('rz', 1, (angle) => [cos(angle / 2), -sin(angle / 2), 0, 0, 0, 0, cos(angle / 2), sin(angle / 2)]),
  {
    // A fourth parameter is a phase e^{i gamma} on the whole (cu and U have one).
    name: 'u',
    parameters: 3,
    targets: 1,
    matrix: ([theta = 0, phi = 0, lambda = 0, gamma = 0]) => u(theta, phi, lambda, gamma),
    inverse: ([theta = 0, phi = 0, lambda = 0, gamma]) => ({
      name: 'u',
      parameters: gamma === undefined ? [-theta, -lambda, -phi] : [-theta, -lambda, -phi, -gamma],
    }),
  },
  {
    name: 'u2',
    parameters: 2,
    targets: 1,
    matrix: ([phi = 0, lambda = 0]) => u(Math.PI / 2, phi, lambda, -(phi + lambda) / 2),
    inverse: ([phi = 0, lambda = 0]) => ({ name: 'u3', parameters: [-Math.PI / 2, -lambda, -phi] }),
  },
  {
    // With determinant 1: stdgates.inc puts gphase(-(phi + lambda + theta) / 2) before U.
    name: 'u3',
    parameters: 3,
    targets: 1,
    matrix: ([theta = 0, phi = 0, lambda = 0]) => u(theta, phi, lambda, -(phi + lambda) / 2),
    inverse: ([theta = 0, phi = 0, lambda = 0]) => ({ name: 'u3', parameters: [-theta, -lambda, -phi] }),
  },
  fixed('swap', 'swap', 2, SWAP),
  turning('rxx', 2, rxx),
  turning('rzz', 2, rzz),
];

export const BASE_GATES: ReadonlyMap<string, BaseGate> = new Map(TABLE.map((gate) => [gate.name, gate]));
