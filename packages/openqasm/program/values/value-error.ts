import type { DiagnosticCode } from '../../source/diagnostic.ts';

/** An operation on values that has no result; whoever evaluates adds the place. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  readonly code: DiagnosticCode;
  readonly expected: string;
  constructor(code: DiagnosticCode, message: string, expected: string) {
    super(message);
    this.code = code;
    this.expected = expected;
  }
}
