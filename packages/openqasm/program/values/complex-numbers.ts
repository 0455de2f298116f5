/** Complex numbers as [re, im], by IEEE double arithmetic; functions give the principal value. */
export type Complex = readonly [number, number];

export function addComplex(a: Complex, b: Complex): Complex {
  return [a[0] + b[0], a[1] + b[1]];
}

export function subtractComplex(a: Complex, b: Complex): Complex {
  return [a[0] - b[0], a[1] - b[1]];
}

export function multiplyComplex(a: Complex, b: Complex): Complex {
  return [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
}

/** Smith's method: no overflow where the quotient has none. */
export function divideComplex(a: Complex, b: Complex): Complex {
  if (Math.abs(b[0]) >= Math.abs(b[1])) {
    const ratio = b[1] / b[0];
    const scale = b[0] + b[1] * ratio;
    return [(a[0] + a[1] * ratio) / scale, (a[1] - a[0] * ratio) / scale];
  }
  const ratio = b[0] / b[1];
  const scale = b[0] * ratio + b[1];
  return [(a[0] * ratio + a[1]) / scale, (a[1] * ratio - a[0]) / scale];
}

export function expComplex(a: Complex): Complex {
  const size = Math.exp(a[0]);
  return [size * Math.cos(a[1]), size * Math.sin(a[1])];
}

export function sqrtComplex(a: Complex): Complex {
  if (a[0] === 0 && a[1] === 0) return [0, a[1]];
  const size = Math.hypot(a[0], a[1]);
  const half = Math.sqrt((Math.abs(a[0]) + size) / 2);
  if (a[0] >= 0) return [half, a[1] / (2 * half)];
  const sign = a[1] < 0 || Object.is(a[1], -0) ? -1 : 1;
  return [Math.abs(a[1]) / (2 * half), sign * half];
}

export function powComplex(a: Complex, b: Complex): Complex {
  if (b[0] === 0 && b[1] === 0) return [1, 0];
  if (a[0] === 0 && a[1] === 0) return b[0] > 0 ? [0, 0] : [Number.NaN, Number.NaN];
  const log: Complex = [Math.log(Math.hypot(a[0], a[1])), Math.atan2(a[1], a[0])];
  return expComplex(multiplyComplex(b, log));
}
