/** OpenQASM 2 and 3: from text to operations. */
export type { Gate, Operation, Run } from './program/operation.ts';
export { ProgramError } from './program/operation.ts';
export { CODES, type Diagnostic, type DiagnosticCode } from './source/diagnostic.ts';
