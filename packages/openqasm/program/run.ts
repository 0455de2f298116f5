import type { Diagnostic } from '../source/diagnostic.ts';
import type { Limits } from '../source/limits.ts';
import type { Unit, Value } from './ir.ts';
import { Budget } from './machine/budget.ts';
import { Codes } from './machine/code.ts';
import { Expansion } from './machine/expansion.ts';
import { Need, RunFailure } from './machine/failure.ts';
import { Frame } from './machine/frame.ts';
import { Interpreter } from './machine/interpreter.ts';
import { Outcomes } from './machine/outcomes.ts';
import { progressOf } from './machine/progress.ts';
import { Templates } from './machine/templates.ts';
import { unroll } from './machine/unroll.ts';
import { type Failure, type Operation, ProgramError, type Run } from './operation.ts';
import { defaultValue, ValueError } from './values/index.ts';

/** Gives a failure its line and column: `SourceText.diagnose`. */
export type Locate = (failure: Failure) => Diagnostic;

type Prepared = { readonly templates: Templates; readonly values: readonly Value[] };
const prepared = new WeakMap<Unit, Prepared>();

/**
 * Starts a run of a checked program. What is the same for all runs of a unit is made at the first one, so that a run a shot is cheap.
 *
 * @param inputs by global slot; values of the types that `unit.inputs` says
 */
export function startRun(
  unit: Unit,
  inputs: ReadonlyMap<number, Value>,
  limits: Limits,
  locate: Locate,
): Run {
  const { templates, values } = prepare(unit);
  const globals = new Frame(unit.slots, [...values]);
  for (const [slot, value] of inputs) globals.set(slot, value);
  const frames = { globals, local: globals };
  const interpreter = new Interpreter(templates, unit.body, frames, new Outcomes(), new Budget(limits));
  return new Machine(interpreter, locate);
}

function prepare(unit: Unit): Prepared {
  const before = prepared.get(unit);
  if (before) return before;
  const values = unit.slots.map(
    ({ type }): Value => (type.kind === 'qubits' ? new Int32Array() : defaultValue(type)),
  );
  for (const { slot, first, size } of unit.qubits)
    values[slot] = Int32Array.from({ length: size }, (_, i) => first + i);
  const made = { templates: new Templates(new Codes(unit), unroll), values };
  prepared.set(unit, made);
  return made;
}

const NOTHING: readonly Operation[] = [];

class Machine implements Run {
  readonly #interpreter: Interpreter;
  readonly #locate: Locate;
  /** Operations of the instruction that is being done, and the next of them. */
  #operations = NOTHING;
  #at = 0;
  #expansion: Expansion | undefined;
  #failure: ProgramError | undefined;

  constructor(interpreter: Interpreter, locate: Locate) {
    this.#interpreter = interpreter;
    this.#locate = locate;
  }

  next(): Operation | undefined {
    if (this.#failure) throw this.#failure;
    try {
      return this.#next();
    } catch (thrown) {
      if (thrown instanceof Need) return { kind: 'need', id: thrown.id };
      throw this.#fail(thrown);
    }
  }

  resolve(id: number, outcome: 0 | 1): void {
    this.#interpreter.outcomes.resolve(id, outcome);
  }

  copy(): Run {
    const copy = new Machine(this.#interpreter.copy(this.#interpreter.budget.copy()), this.#locate);
    copy.#operations = this.#operations;
    copy.#at = this.#at;
    copy.#expansion = this.#expansion?.copy();
    copy.#failure = this.#failure;
    return copy;
  }

  progress(): number {
    const { blocks, templates } = this.#interpreter;
    const working = this.#expansion !== undefined || this.#at < this.#operations.length;
    return progressOf(blocks, templates.codes, working);
  }

  where(): ReturnType<Run['where']> {
    const { start, end } = this.#interpreter.where;
    const { line, column, length } = this.#locate({
      start,
      end,
      code: 'unsupported',
      message: '',
      expected: '',
    });
    return { line, column, length };
  }

  bits(): Int32Array {
    const { globals, outcomes, templates } = this.#interpreter;
    const { registers } = templates.codes.unit;
    const bits = new Int32Array(registers.reduce((sum, { size }) => sum + size, 0));
    let at = 0;
    for (const { slot, size } of registers) {
      const cells = globals.get(slot) as Int32Array;
      for (let bit = 0; bit < size; bit++) bits[at++] = outcomes.read(cells[bit] as number);
    }
    return bits;
  }

  #next(): Operation | undefined {
    const interpreter = this.#interpreter;
    const { budget } = interpreter;
    for (;;) {
      let operation = this.#operations[this.#at++];
      if (operation === undefined && this.#expansion) {
        operation = this.#expansion.next(budget);
        if (operation === undefined) this.#expansion = undefined;
      }
      if (operation !== undefined) {
        if (operation.kind !== 'barrier' && operation.kind !== 'delay') budget.operation(interpreter.where);
        return operation;
      }
      const quantum = interpreter.advance();
      if (quantum === undefined) return undefined;
      if (quantum.kind === 'gate') {
        budget.operation(interpreter.where);
        return quantum;
      }
      interpreter.where = quantum.span;
      this.#operations = quantum.operations ?? NOTHING;
      this.#at = 0;
      this.#expansion = quantum.calls && new Expansion(quantum.calls, quantum.span);
    }
  }

  #fail(thrown: unknown): unknown {
    let failure: Failure;
    if (thrown instanceof RunFailure) failure = thrown.failure;
    else if (thrown instanceof ValueError) {
      const { start, end } = this.#interpreter.where;
      failure = { start, end, code: thrown.code, message: thrown.message, expected: thrown.expected };
    } else return thrown;
    this.#failure = new ProgramError(this.#locate(failure));
    return this.#failure;
  }
}
