/**
 * What values are and do: the one place for arithmetic, conversions and comparisons, for constants (the checker) and for runs (the machine).
 */
export { bitsFromText, bitsToInteger, bitsToText, integerToBits } from './bits.ts';
export { applyBuiltin } from './builtins.ts';
export { convertValue, copyValue, defaultValue, roundFloat, toBool, toInteger, toNumber } from './convert.ts';
export { rangeIndices, rangeLength, resolveIndex } from './indices.ts';
export { applyBinary, applyUnary } from './operate.ts';
export { ValueError } from './value-error.ts';
