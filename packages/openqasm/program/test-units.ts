import type { Diagnostic } from '../source/diagnostic.ts';
import { DEFAULT_LIMITS, type Limits } from '../source/limits.ts';
import type {
  Expr,
  GateDefinition,
  Instruction,
  Modifier,
  Qubits,
  Selector,
  Slot,
  Type,
  Unit,
  Value,
} from './ir.ts';
import type { Failure, Operation, Run } from './operation.ts';
import { startRun } from './run.ts';

/** Hand-made units for tests: `q` is a register in slot 0, `c` bits in slot 1, more variables from slot 2 on. */
export const INT: Type = { kind: 'int', width: 64 };
export const FLOAT: Type = { kind: 'float', width: 64 };
export const BOOL: Type = { kind: 'bool' };
export const span = (start = 0) => ({ start, end: start + 1 });

export function bits(width: number): Type & { kind: 'bits' } {
  return { kind: 'bits', width, lone: false };
}

export function int(value: number): Expr {
  return { ...span(), kind: 'constant', value: BigInt(value), type: INT };
}

export function float(value: number): Expr {
  return { ...span(), kind: 'constant', value, type: FLOAT };
}

export function load(
  slot: number,
  type: Type,
  selectors: readonly Selector[] = [],
  frame: 'global' | 'local' = 'global',
): Expr {
  return { ...span(), kind: 'load', type, from: { ...span(), frame, slot, selectors } };
}

export function binary(
  operator: '+' | '*' | '==' | '<' | '&&',
  left: Expr,
  right: Expr,
  type: Type = BOOL,
): Expr {
  return { ...span(), kind: 'binary', operator, left, right, type };
}

export function at(index: Expr | number): Selector {
  return { kind: 'index', index: typeof index === 'number' ? int(index) : index };
}

export function qubit(index: Expr | number): Qubits {
  return {
    ...span(),
    kind: 'qubits',
    lone: true,
    place: { ...span(), frame: 'global', slot: 0, selectors: [at(index)] },
  };
}

export function all(): Qubits {
  return {
    ...span(),
    kind: 'qubits',
    lone: false,
    place: { ...span(), frame: 'global', slot: 0, selectors: [] },
  };
}

/** The gate's own qubit number `index`, in a definition with so many parameters. */
export function inner(index: number, parameters = 0): Qubits {
  const place = { ...span(), frame: 'local' as const, slot: parameters + index, selectors: [] };
  return { ...span(), kind: 'qubits', lone: true, place };
}

export function gate(
  name: string | number,
  operands: readonly Qubits[],
  parameters: readonly Expr[] = [],
  modifiers: readonly Modifier[] = [],
  start = 0,
): Instruction {
  const reference =
    typeof name === 'string'
      ? ({ kind: 'standard', name } as const)
      : ({ kind: 'defined', gate: name } as const);
  return { ...span(start), kind: 'gate', gate: reference, modifiers, parameters, operands };
}

export function measure(index: Expr | number, to: Expr | number): Instruction {
  const place = { ...span(), frame: 'global' as const, slot: 1, selectors: [at(to)] };
  return { ...span(), kind: 'measure', qubits: qubit(index), to: place };
}

export function when(condition: Expr, yes: readonly Instruction[], no: readonly Instruction[]): Instruction {
  // biome-ignore lint/suspicious/noThenProperty: the contract's name; nobody awaits an instruction.
  return { ...span(), kind: 'if', condition, then: yes, else: no };
}

export function define(
  name: string,
  qubits: number,
  body: readonly Instruction[],
  parameters = 0,
): GateDefinition {
  const slots: Slot[] = [
    ...Array.from({ length: parameters }, (_, i) => ({ name: `p${i}`, type: FLOAT })),
    ...Array.from({ length: qubits }, (_, i) => ({
      name: `a${i}`,
      type: { kind: 'qubits', size: 1, lone: true } as const,
    })),
  ];
  return { ...span(), name, parameters, qubits, slots, body };
}

export function unit(
  qubits: number,
  body: readonly Instruction[],
  more: {
    gates?: readonly GateDefinition[];
    slots?: readonly Slot[];
    cells?: number;
    subroutines?: Unit['subroutines'];
  } = {},
): Unit {
  const cells = more.cells ?? qubits;
  return {
    version: 3,
    qubits: [{ name: 'q', size: qubits, first: 0, slot: 0 }],
    qubitCount: qubits,
    registers: [{ name: 'c', size: cells, slot: 1 }],
    inputs: [],
    gates: more.gates ?? [],
    subroutines: more.subroutines ?? [],
    slots: [
      { name: 'q', type: { kind: 'qubits', size: qubits, lone: false } },
      { name: 'c', type: bits(cells) },
      ...(more.slots ?? []),
    ],
    body,
  };
}

/** Lines are offsets here, so that a test can tell the place of a failure. */
function locate({ start, end, ...rest }: Failure): Diagnostic {
  return { line: start, column: 1, length: end - start, ...rest };
}

export function start(
  program: Unit,
  limits: Partial<Limits> = {},
  inputs: ReadonlyMap<number, Value> = new Map(),
): Run {
  return startRun(program, inputs, { ...DEFAULT_LIMITS, ...limits }, locate);
}

/** All operations; a `need` gets the next of `outcomes` (0 when there are no more). */
export function operationsOf(run: Run, outcomes: readonly (0 | 1)[] = []): Operation[] {
  const result: Operation[] = [];
  let next = 0;
  for (let operation = run.next(); operation; operation = run.next()) {
    result.push(operation);
    if (operation.kind === 'need') run.resolve(operation.id, outcomes[next++] ?? 0);
  }
  return result;
}

/** One word an operation: `x0`, `cx01`, `measure0`, `need0`. */
export function words(operations: readonly Operation[]): string {
  return operations
    .map((operation) => {
      switch (operation.kind) {
        case 'gate': {
          const controls = operation.controls.map((_, i) =>
            (operation.polarity?.[i] ?? 1) === 1 ? 'c' : 'n',
          );
          return `${controls.join('')}${operation.name}${[...operation.controls, ...operation.targets].join('')}`;
        }
        case 'need':
          return `need${operation.id}`;
        case 'measure':
        case 'reset':
          return `${operation.kind}${operation.qubit}`;
        default:
          return operation.kind;
      }
    })
    .join(' ');
}
