import type { DeviceAnswer, DeviceRequest, ProgramErrors } from '@quantum-hub/execution/ports';
import type { ErrorCode, ErrorParams } from '@quantum-hub/kernel';

/** What the host tells the process that runs a program. */
export type ToChild = {
  readonly device: string;
  readonly task: 'validate' | 'run';
  readonly request: DeviceRequest;
};

/** What that process tells the host. */
export type FromChild =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: DeviceAnswer }
  | { readonly kind: 'validated'; readonly errors: ProgramErrors }
  /** The device refused by an error of the catalogue. */
  | { readonly kind: 'refusal'; readonly code: ErrorCode; readonly params: ErrorParams }
  | { readonly kind: 'fault'; readonly reason: string };
