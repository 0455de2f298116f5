import { adjoint, identity, type Matrix, multiply, rows } from './matrix.ts';

/** The widest gate whose fractional power is taken, in qubits: 64 x 64, some 20 ms. */
export const WIDEST_FRACTIONAL_POWER = 6;

// An eigenvalue of -1 comes out as -1 give or take 1e-15 i: angles this near to -pi count as pi (the principal branch).
const BRANCH = 1e-9;
const SMALL = 1e-15;
const SWEEPS = 60;

/**
 * exp(exponent * log(matrix)) with each eigenvalue's angle in (-pi, pi], the principal branch: pow(1/2) of x is sx, of z is s.
 * Exact to some 1e-14 for `matrix` unitary, however its eigenvalues coincide.
 */
export function fractionalPower(matrix: Matrix, exponent: number): Matrix {
  const size = rows(matrix);
  const { vectors, values } = diagonalize(matrix);
  const powered = new Float64Array(matrix.length);
  for (let column = 0; column < size; column++) {
    let angle = Math.atan2(values[2 * column + 1] as number, values[2 * column] as number);
    if (angle < BRANCH - Math.PI) angle += 2 * Math.PI;
    powered[2 * column * (size + 1)] = Math.cos(angle * exponent);
    powered[2 * column * (size + 1) + 1] = Math.sin(angle * exponent);
  }
  return multiply(multiply(vectors, powered), adjoint(vectors));
}

/**
 * Eigenvectors (columns) and eigenvalues of a unitary matrix, by Jacobi rotations for normal matrices: each turns a pair of
 * columns so that the off-diagonal entries of the hermitian and the antihermitian part shrink at once, which is what makes
 * equal and nearly equal eigenvalues harmless. Cardoso and Souloumiac, SIAM J. Matrix Anal. Appl. 17 (1996) 161.
 */
function diagonalize(matrix: Matrix): { vectors: Matrix; values: Float64Array } {
  const size = rows(matrix);
  const work = Float64Array.from(matrix);
  const vectors = identity(size);
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) turned = turnPair(work, vectors, size, p, q) || turned;
    }
  }
  const values = new Float64Array(2 * size);
  for (let row = 0; row < size; row++) {
    values[2 * row] = work[2 * row * (size + 1)] as number;
    values[2 * row + 1] = work[2 * row * (size + 1) + 1] as number;
  }
  return { vectors, values };
}

function turnPair(work: Matrix, vectors: Matrix, size: number, p: number, q: number): boolean {
  const [c, sRe, sIm] = pairRotation(work, size, p, q);
  if (Math.hypot(sRe, sIm) < SMALL) return false;
  turnColumns(work, size, p, q, c, sRe, sIm);
  turnRows(work, size, p, q, c, sRe, sIm);
  turnColumns(vectors, size, p, q, c, sRe, sIm);
  return true;
}

/** The rotation [c, s] of columns p and q: the largest eigenvector of the 3 x 3 matrix Re(h* h^T) of the pair. */
function pairRotation(work: Matrix, size: number, p: number, q: number): [number, number, number] {
  const entry = (row: number, column: number, part: 0 | 1) =>
    work[2 * (row * size + column) + part] as number;
  const re = [
    entry(p, p, 0) - entry(q, q, 0),
    entry(p, q, 0) + entry(q, p, 0),
    entry(p, q, 1) - entry(q, p, 1),
  ];
  const im = [
    entry(p, p, 1) - entry(q, q, 1),
    entry(p, q, 1) + entry(q, p, 1),
    entry(q, p, 0) - entry(p, q, 0),
  ];
  const [x, y, z] = topVector(re, im);
  const c = Math.sqrt((1 + x) / 2);
  return [c, y / (2 * c), -z / (2 * c)];
}

/** The direction of largest |a.v|^2 + |b.v|^2, x >= 0: it lies in the plane of a and b, where the problem is 2 x 2. */
function topVector(a: readonly number[], b: readonly number[]): [number, number, number] {
  const dot = (u: readonly number[], v: readonly number[]) =>
    (u[0] as number) * (v[0] as number) +
    (u[1] as number) * (v[1] as number) +
    (u[2] as number) * (v[2] as number);
  const angle = 0.5 * Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b));
  const combined = a.map((value, at) => value * Math.cos(angle) + (b[at] as number) * Math.sin(angle));
  const length = Math.sqrt(dot(combined, combined));
  if (length < SMALL) return [1, 0, 0];
  const sign = (combined[0] as number) < 0 ? -1 / length : 1 / length;
  return combined.map((value) => value * sign) as [number, number, number];
}

/** Columns (p, q) become (c p + s q, -conj(s) p + c q). */
function turnColumns(
  m: Matrix,
  size: number,
  p: number,
  q: number,
  c: number,
  sRe: number,
  sIm: number,
): void {
  for (let row = 0; row < size; row++) {
    turnTwo(m, 2 * (row * size + p), 2 * (row * size + q), c, sRe, sIm);
  }
}

function turnRows(m: Matrix, size: number, p: number, q: number, c: number, sRe: number, sIm: number): void {
  for (let column = 0; column < size; column++) {
    turnTwo(m, 2 * (p * size + column), 2 * (q * size + column), c, sRe, -sIm);
  }
}

function turnTwo(m: Matrix, at: number, other: number, c: number, sRe: number, sIm: number): void {
  const aRe = m[at] as number;
  const aIm = m[at + 1] as number;
  const bRe = m[other] as number;
  const bIm = m[other + 1] as number;
  m[at] = c * aRe + sRe * bRe - sIm * bIm;
  m[at + 1] = c * aIm + sRe * bIm + sIm * bRe;
  m[other] = c * bRe - sRe * aRe - sIm * aIm;
  m[other + 1] = c * bIm - sRe * aIm + sIm * aRe;
}
