import { STANDARD_GATES } from '../../gates/standard-gates.ts';
import type { Instruction, Qubits, Unit } from '../ir.ts';
import type { Gate } from '../operation.ts';
import { rangeLength } from '../values/index.ts';
import type { Quantum } from './quantum.ts';
import { standardSize } from './shape.ts';

/** A list of instructions and what is known about it before it runs. */
export type Code = {
  readonly list: readonly Instruction[];
  /** By instruction: gates that are the same every time. `seen` after the first time: what runs once is not kept. */
  readonly ready: (Gate | Quantum | 'seen' | undefined)[];
  /** Whether something in it may leave the list, or the loop around it, before its end. */
  readonly leaves: boolean;
  /** At least so many operations each time it runs to its end; 0 where it may leave early. */
  readonly least: number;
};

/** What is made of a unit once, for all of its runs. */
export class Codes {
  readonly unit: Unit;
  /** Operations that each gate of the program stands for, at least; exact where no loop or power hangs on a parameter. */
  readonly gateSizes: readonly number[];
  /** How deep each gate's definition is nested. */
  readonly gateDepths: readonly number[];
  /** Slots that stand for declared qubits. */
  readonly registers: ReadonlySet<number>;
  readonly #codes = new WeakMap<readonly Instruction[], Code>();
  readonly #weights = new WeakMap<Code, Float64Array>();
  readonly #subroutines = new Map<number, Code | undefined>();
  readonly #sizes: number[] = [];
  readonly #depths: number[] = [];

  constructor(unit: Unit) {
    this.unit = unit;
    this.registers = new Set(unit.qubits.map(({ slot }) => slot));
    this.gateSizes = this.#sizes;
    this.gateDepths = this.#depths;
    for (const gate of unit.gates) {
      this.#depths.push(1 + this.#deepest(gate.body));
      this.#sizes.push(this.of(gate.body).least);
    }
  }

  of(list: readonly Instruction[]): Code {
    const before = this.#codes.get(list);
    if (before) return before;
    const leaves = list.some((instruction) => this.#leaves(instruction));
    const least = leaves ? 0 : list.reduce((sum, instruction) => sum + this.#least(instruction), 0);
    const code = { list, ready: new Array<undefined>(list.length), leaves, least };
    this.#codes.set(list, code);
    return code;
  }

  /** What stands before each instruction of a list, and before its end: a step each, and the operations that it stands for at least. */
  weights(code: Code): Float64Array {
    let weights = this.#weights.get(code);
    if (weights === undefined) {
      weights = new Float64Array(code.list.length + 1);
      for (const [at, instruction] of code.list.entries())
        weights[at + 1] = (weights[at] as number) + 1 + this.#least(instruction);
      this.#weights.set(code, weights);
    }
    return weights;
  }

  #leaves(instruction: Instruction): boolean {
    switch (instruction.kind) {
      case 'break':
      case 'continue':
      case 'end':
      case 'return':
        return true;
      case 'if':
        return this.of(instruction.then).leaves || this.of(instruction.else).leaves;
      case 'for':
      case 'while':
        return this.of(instruction.body).leaves;
      case 'switch':
        return [instruction.default ?? [], ...instruction.cases.map((each) => each.body)].some(
          (body) => this.of(body).leaves,
        );
      case 'call':
        return this.#subroutine(instruction.subroutine)?.leaves ?? true;
      default:
        return false;
    }
  }

  #least(instruction: Instruction): number {
    switch (instruction.kind) {
      case 'gate':
        return this.#gateLeast(instruction);
      case 'measure':
      case 'reset':
        return 1;
      case 'if':
        return Math.min(this.of(instruction.then).least, this.of(instruction.else).least);
      case 'for':
        return constantRounds(instruction) * this.of(instruction.body).least;
      case 'call':
        return this.#subroutine(instruction.subroutine)?.least ?? 0;
      default:
        return 0;
    }
  }

  #gateLeast(instruction: Instruction & { kind: 'gate' }): number {
    let least = 1;
    if (instruction.gate.kind === 'defined') least = this.#sizes[instruction.gate.gate] ?? 0;
    else least = standardSize(STANDARD_GATES.get(instruction.gate.name));
    for (const modifier of instruction.modifiers) {
      if (modifier.kind !== 'pow') continue;
      const exponent = modifier.exponent.kind === 'constant' ? Number(modifier.exponent.value) : 0;
      // A power of one unitary is one operation; one that is not whole is one, too.
      if (exponent === 0 || instruction.gate.kind !== 'defined' || !Number.isInteger(exponent)) {
        least = Math.min(least, exponent === 0 ? 0 : 1);
      } else least *= Math.abs(exponent);
    }
    return least;
  }

  /** Undefined while it is being looked at: a subroutine that calls itself tells nothing. */
  #subroutine(index: number): Code | undefined {
    if (!this.#subroutines.has(index)) {
      this.#subroutines.set(index, undefined);
      const body = this.unit.subroutines[index]?.body ?? [];
      const code = this.of(body);
      // A return leaves the subroutine, not its caller.
      const leaves = code.leaves && mayEnd(body, this.unit, new Set([index]));
      this.#subroutines.set(index, { ...code, leaves });
    }
    return this.#subroutines.get(index);
  }

  #deepest(list: readonly Instruction[]): number {
    let deepest = 0;
    for (const instruction of list) {
      if (instruction.kind === 'gate' && instruction.gate.kind === 'defined') {
        deepest = Math.max(deepest, this.#depths[instruction.gate.gate] ?? 0);
      }
      for (const body of bodiesOf(instruction)) deepest = Math.max(deepest, this.#deepest(body));
    }
    return deepest;
  }
}

function bodiesOf(instruction: Instruction): readonly (readonly Instruction[])[] {
  switch (instruction.kind) {
    case 'if':
      return [instruction.then, instruction.else];
    case 'for':
    case 'while':
      return [instruction.body];
    case 'switch':
      return [instruction.default ?? [], ...instruction.cases.map((each) => each.body)];
    default:
      return [];
  }
}

function mayEnd(list: readonly Instruction[], unit: Unit, seen: Set<number>): boolean {
  return list.some((instruction) => {
    if (instruction.kind === 'end') return true;
    if (instruction.kind === 'call' && !seen.has(instruction.subroutine)) {
      seen.add(instruction.subroutine);
      if (mayEnd(unit.subroutines[instruction.subroutine]?.body ?? [], unit, seen)) return true;
    }
    return bodiesOf(instruction).some((body) => mayEnd(body, unit, seen));
  });
}

/** The rounds of a loop over constants, 0 where they are not known. */
function constantRounds(instruction: Instruction & { kind: 'for' }): number {
  const { over } = instruction;
  if (over.kind === 'set') return over.elements.length;
  if (over.kind !== 'range' || over.from.kind !== 'constant' || over.to.kind !== 'constant') return 0;
  if (over.step !== undefined && over.step.kind !== 'constant') return 0;
  const step = (over.step?.value ?? 1n) as bigint;
  return step === 0n ? 0 : Number(rangeLength(over.from.value as bigint, step, over.to.value as bigint));
}

/** Whether operands are the same qubits whenever they are asked for. */
export function isFixed(qubits: Qubits, registers: ReadonlySet<number>): boolean {
  if (qubits.kind === 'joined-qubits') return qubits.parts.every((part) => isFixed(part, registers));
  const { frame, slot, selectors } = qubits.place;
  return (
    frame === 'global' &&
    registers.has(slot) &&
    selectors.every((selector) => {
      if (selector.kind === 'index') return selector.index.kind === 'constant';
      if (selector.kind === 'set') return selector.indices.every((each) => each.kind === 'constant');
      return [selector.from, selector.step, selector.to].every(
        (end) => end === undefined || end.kind === 'constant',
      );
    })
  );
}
