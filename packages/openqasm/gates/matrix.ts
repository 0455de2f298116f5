/**
 * Square complex matrices as `Gate.matrix` has them: row-major, re and im interleaved, so a matrix of `size` rows has
 * 2 * size * size numbers. Every function makes a new one.
 */
export type Matrix = Float64Array;

/** How many rows: 1, 2, 4 ... for gates. */
export function rows(matrix: Matrix): number {
  return Math.round(Math.sqrt(matrix.length / 2));
}

export function identity(size: number): Matrix {
  const result = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) result[2 * row * (size + 1)] = 1;
  return result;
}

/** left * right: `right` acts first. */
export function multiply(left: Matrix, right: Matrix): Matrix {
  const size = rows(left);
  const result = new Float64Array(left.length);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const at = 2 * (row * size + inner);
      const re = left[at] as number;
      const im = left[at + 1] as number;
      if (re === 0 && im === 0) continue;
      let from = 2 * inner * size;
      let to = 2 * row * size;
      for (let column = 0; column < size; column++) {
        const otherRe = right[from++] as number;
        const otherIm = right[from++] as number;
        result[to] = (result[to] as number) + re * otherRe - im * otherIm;
        result[to + 1] = (result[to + 1] as number) + re * otherIm + im * otherRe;
        to += 2;
      }
    }
  }
  return result;
}

/** Conjugate transpose: the inverse of a unitary. */
export function adjoint(matrix: Matrix): Matrix {
  const size = rows(matrix);
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = 2 * (row * size + column);
      const to = 2 * (column * size + row);
      result[to] = matrix[from] as number;
      result[to + 1] = -(matrix[from + 1] as number);
    }
  }
  return result;
}

/** A whole power of a unitary by squaring; negative ones of its adjoint. Error grows with log2 of the exponent times its value. */
export function wholePower(matrix: Matrix, exponent: number): Matrix {
  let base = exponent < 0 ? adjoint(matrix) : matrix;
  let left = Math.abs(exponent);
  let result = identity(rows(matrix));
  while (left > 0) {
    if (left % 2 === 1) result = multiply(result, base);
    left = Math.floor(left / 2);
    if (left > 0) base = multiply(base, base);
  }
  return result;
}

/** The largest difference of two entries, by absolute value of the complex number. */
export function distance(left: Matrix, right: Matrix): number {
  let largest = left.length === right.length ? 0 : Number.POSITIVE_INFINITY;
  for (let at = 0; at < left.length; at += 2) {
    const re = (left[at] as number) - (right[at] as number);
    const im = (left[at + 1] as number) - (right[at + 1] as number);
    largest = Math.max(largest, Math.hypot(re, im));
  }
  return largest;
}

/** A factor on every entry. */
export function scale(matrix: Matrix, re: number, im: number): Matrix {
  const result = new Float64Array(matrix.length);
  for (let at = 0; at < matrix.length; at += 2) {
    const a = matrix[at] as number;
    const b = matrix[at + 1] as number;
    result[at] = a * re - b * im;
    result[at + 1] = a * im + b * re;
  }
  return result;
}
