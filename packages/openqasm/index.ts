/** OpenQASM 2 and 3.1: read, check, run. No dependency; Node and browsers. */
export { FEATURES, type Feature } from './check/feature-list.ts';
export type { JsonSchema } from './check/input-schema.ts';
export {
  type BindResult,
  type CompiledProgram,
  type CompileOptions,
  type CompileResult,
  check,
  compile,
  type FeatureUse,
} from './compile.ts';
export { type CircuitOptions, circuit } from './drawing/build-circuit.ts';
export type { Circuit, Element, Frame, Wire } from './drawing/circuit.ts';
export { drawSvg } from './drawing/draw-svg.ts';
export { drawText, type TextOptions } from './drawing/draw-text.ts';
export { isClifford } from './gates/clifford.ts';
export { STANDARD_GATES, type StandardGate } from './gates/standard-gates.ts';
export type { Register, Unit } from './program/ir.ts';
export { type Gate, type Operation, ProgramError, type Run } from './program/operation.ts';
export { gateName, type Stats, stats } from './program/stats.ts';
export { CODES, type Diagnostic, type DiagnosticCode } from './source/diagnostic.ts';
export { DEFAULT_LIMITS, type Limits } from './source/limits.ts';
export type * from './syntax/ast.ts';
export { type Formatted, format } from './syntax/format.ts';
export { toOpenQasm3 } from './syntax/modernize.ts';
export { type Parsed, type ParseOptions, parse } from './syntax/parse.ts';
export { print } from './syntax/print.ts';
