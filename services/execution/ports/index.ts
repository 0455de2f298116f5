/** What a device must be, and what travels through it. */
export type { CheckOptions, JsonSchema, ProgramCheck, ProgramChecker, ProgramFacts } from './checker.ts';
export type { Device, DeviceProfile, RunOptions } from './device.ts';
export { parseObservable } from './observable.ts';
export type {
  DeviceRequest,
  Inputs,
  Observable,
  PauliTerm,
  ProgramErrors,
  QuantumProgram,
} from './program.ts';
export type {
  CountsResult,
  DeviceAnswer,
  DeviceResult,
  ExpectationResult,
  ExpectationValue,
  Provenance,
  ResourcesResult,
  ResultRegister,
} from './result.ts';
