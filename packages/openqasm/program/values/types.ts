import type { ScalarType, Type } from '../ir.ts';

/** The width of `int` and `uint` that are declared without one. */
const MACHINE_WIDTH = 64;
export const LONE_BIT: ScalarType = { kind: 'bits', width: 1, lone: true };
export const BOOL: ScalarType = { kind: 'bool' };
export const INT: ScalarType = { kind: 'int', width: MACHINE_WIDTH };
export const UINT: ScalarType = { kind: 'uint', width: MACHINE_WIDTH };
export const FLOAT: ScalarType = { kind: 'float', width: 64 };
export const COMPLEX: ScalarType = { kind: 'complex', width: 64 };
export const DURATION: ScalarType = { kind: 'duration' };

export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'array') {
    const other = b as typeof a;
    return (
      sameType(a.element, other.element) &&
      a.sizes.length === other.sizes.length &&
      a.sizes.every((size, i) => size === other.sizes[i])
    );
  }
  if (a.kind === 'bool' || a.kind === 'duration') return true;
  const other = b as typeof a;
  return a.width === other.width && (a.kind !== 'bits' || a.lone === (other as typeof a).lone);
}

/** As it is written in a program: `bit[4]`, `array[int[8], 2, 3]`. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'array':
      return `array[${typeName(type.element)}, ${type.sizes.map((size) => size ?? '?').join(', ')}]`;
    case 'bits':
      return type.lone ? 'bit' : `bit[${type.width}]`;
    case 'bool':
    case 'duration':
      return type.kind;
    case 'complex':
      return `complex[float[${type.width}]]`;
    default:
      return type.width === undefined ? type.kind : `${type.kind}[${type.width}]`;
  }
}

/** How many elements an array of these sizes has (0 where one is not known yet). */
export function elementCount(sizes: readonly (number | undefined)[]): number {
  return sizes.reduce<number>((count, size) => count * (size ?? 0), 1);
}
