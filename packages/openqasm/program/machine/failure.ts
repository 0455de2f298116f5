import type { DiagnosticCode, Span } from '../../source/diagnostic.ts';
import type { Failure } from '../operation.ts';

/** Thrown inside of the machine where a run fails; `Run.next` turns it into a `ProgramError` with line and column. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @throws RunFailure always */
export function fail(span: Span, code: DiagnosticCode, message: string, expected: string): never {
  throw new RunFailure({ start: span.start, end: span.end, code, message, expected });
}

/** Thrown where an expression reads an outcome that is not known: expressions have no effects, so it is evaluated again later. */
export class Need {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

/** What a device was to refuse by its feature comes to a run: no simulation tells it. @throws RunFailure always */
export function failOnDevice(span: Span, what: string): never {
  fail(span, 'unsupported', `only a device knows ${what}`, 'a program that a simulator can run');
}
