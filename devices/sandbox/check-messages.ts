import type { CheckOptions, DeviceRequest, ProgramErrors, ProgramFacts } from '@quantum-hub/execution/ports';
import type { ErrorCode, ErrorParams } from '@quantum-hub/kernel';

export type CheckQuestion = {
  readonly device: string | undefined;
  readonly request: DeviceRequest;
  /** Whether gates and depth are to be counted. */
  readonly stats: boolean;
  readonly circuit: CheckOptions['circuit'];
};

/** What is known comes at once; what takes longer comes later, or never when it takes too long. */
export type CheckPart =
  | { readonly part: 'judged'; readonly errors: ProgramErrors; readonly facts: ProgramFacts | undefined }
  | { readonly part: 'walked'; readonly errors: ProgramErrors }
  | { readonly part: 'counted'; readonly stats: ProgramFacts['stats'] };

export type FromCheckChild =
  | CheckPart
  | { readonly part: 'end' }
  | { readonly part: 'refusal'; readonly code: ErrorCode; readonly params: ErrorParams }
  | { readonly part: 'fault'; readonly reason: string };
