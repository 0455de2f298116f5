import type { Span } from '../source/diagnostic.ts';
import type { BinaryOperator } from '../syntax/ast.ts';

/**
 * The intermediate form: what the checker makes of a tree that has no errors, and what the machine runs. Names are resolved to
 * slots, types are explicit (every conversion is a `convert`), subroutine calls stand alone (never inside an expression, so that
 * expressions have no effects and may be evaluated again), control flow is kept. Spans stay, so that what fails at run time is told with its place.
 */
export type Unit = {
  readonly version: 2 | 3;
  /** All qubits of the program, numbered in the order of their declaration; `$n` counts as declared where it is first used. */
  readonly qubits: readonly QubitRegister[];
  readonly qubitCount: number;
  /** Global `bit`, `bit[n]` and `creg` variables in the order of their declaration: the result's registers. */
  readonly registers: readonly Register[];
  readonly inputs: readonly InputVariable[];
  readonly gates: readonly GateDefinition[];
  readonly subroutines: readonly Subroutine[];
  /** Slots of the global frame: what each holds. */
  readonly slots: readonly Slot[];
  readonly body: readonly Instruction[];
};

/** `slot`: the global slot that stands for these qubits; nothing ever assigns it. */
export type QubitRegister = {
  readonly name: string;
  readonly size: number;
  readonly first: number;
  readonly slot: number;
};
/** A classical register of the result: `size` bits, bit 0 first, kept in `slot` (a `bits` value). A lone bit has size 1. */
export type Register = { readonly name: string; readonly size: number; readonly slot: number };
export type InputVariable = Span & { readonly name: string; readonly slot: number; readonly type: Type };
export type Slot = { readonly name: string; readonly type: Type | QubitsType };

// --------------------------------------------------------------------- types

export type FloatWidth = 16 | 32 | 64;
/** `bits` covers `bit` and `bit[n]` (`lone` tells them apart). Widths in bits; `angle` without a width is a float modulo 2 pi. */
export type ScalarType =
  | { readonly kind: 'bits'; readonly width: number; readonly lone: boolean }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int' | 'uint'; readonly width: number }
  | { readonly kind: 'float'; readonly width: FloatWidth }
  | { readonly kind: 'angle'; readonly width: number | undefined }
  | { readonly kind: 'complex'; readonly width: FloatWidth }
  | { readonly kind: 'duration' };
export type ArrayType = {
  readonly kind: 'array';
  readonly element: ScalarType;
  /** One entry a dimension; undefined where a parameter says only how many dimensions there are. */
  readonly sizes: readonly (number | undefined)[];
};
export type Type = ScalarType | ArrayType;
/** A list of qubits: a register, an alias, a subroutine's qubit argument. `size` undefined: known at run time only. */
export type QubitsType = {
  readonly kind: 'qubits';
  readonly size: number | undefined;
  readonly lone: boolean;
};

/**
 * Values at run time. `bits`: cells, bit 0 first, 0 or 1, or 2 + m for "the outcome of measurement m, not asked for yet".
 * int and uint: a bigint within its width (arithmetic wraps around, two's complement). angle: radians in [0, 2 pi), a multiple of 2 pi / 2^width.
 * complex: [re, im]. duration: seconds (dt as given by the device). array: flat, row by row.
 */
export type Value = Int32Array | boolean | bigint | number | readonly [number, number] | ArrayValue;
export type ArrayValue = { readonly sizes: readonly number[]; readonly elements: Value[] };

// --------------------------------------------------------------- expressions

export type Expr = Span & { readonly type: Type } & (
    | { readonly kind: 'constant'; readonly value: Value }
    | { readonly kind: 'load'; readonly from: Place }
    | { readonly kind: 'unary'; readonly operator: '-' | '!' | '~'; readonly operand: Expr }
    /** Both operands have the same type, except shifts and powers by an integer, and angle scaled by a number. `&&` and `||` do not evaluate the right side in vain. */
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expr;
        readonly right: Expr;
      }
    | { readonly kind: 'convert'; readonly operand: Expr }
    /** Bits (or array elements) picked out of a value: `a[2]`, `a[0:3]`, `"0110"[1]`. */
    | { readonly kind: 'pick'; readonly of: Expr; readonly selectors: readonly Selector[] }
    | { readonly kind: 'builtin'; readonly name: Builtin; readonly arguments: readonly Expr[] }
    | { readonly kind: 'join'; readonly parts: readonly Expr[] }
    /** A length of time that only a device can tell: how long gates take, or what a stretch comes to. No run gets past it. */
    | { readonly kind: 'device-time'; readonly name: 'durationof' | 'stretch' }
  );
export type { BinaryOperator };
export type Builtin =
  | 'arccos'
  | 'arcsin'
  | 'arctan'
  | 'ceiling'
  | 'cos'
  | 'exp'
  | 'floor'
  | 'log'
  | 'mod'
  | 'popcount'
  | 'pow'
  | 'real'
  | 'imag'
  | 'rotl'
  | 'rotr'
  | 'sin'
  | 'sizeof'
  | 'sqrt'
  | 'tan';

/** Where a value lies: a slot of the global frame or of the running subroutine's, whole or in part. */
export type Place = Span & {
  readonly frame: 'global' | 'local';
  readonly slot: number;
  readonly selectors: readonly Selector[];
};
/** An index from the end counts back from it: -1 is the last. Ranges count both ends in. */
export type Selector =
  | { readonly kind: 'index'; readonly index: Expr }
  | {
      readonly kind: 'range';
      readonly from: Expr | undefined;
      readonly step: Expr | undefined;
      readonly to: Expr | undefined;
    }
  | { readonly kind: 'set'; readonly indices: readonly Expr[] };

/** Qubits: of a slot, picked by selectors; or several such one after another. */
export type Qubits = Span &
  (
    | { readonly kind: 'qubits'; readonly place: Place; readonly lone: boolean }
    | { readonly kind: 'joined-qubits'; readonly parts: readonly Qubits[] }
  );

// --------------------------------------------------------------------- gates

/**
 * A gate of the program's own. Local slots: 0..parameters-1 the parameters (`float` values in radians), then one lone `qubits` slot
 * for each qubit, then what loops declare. It calls gates of smaller index only: a gate is defined before it is used.
 */
export type GateDefinition = Span & {
  readonly name: string;
  readonly parameters: number;
  readonly qubits: number;
  readonly slots: readonly Slot[];
  /** Gates, barriers and classical control flow only. Operands are local slots of the gate's qubits, without selectors. */
  readonly body: readonly Instruction[];
};

export type GateReference =
  /** `U`, `gphase`, or a gate of `qelib1.inc` / `stdgates.inc` that the simulators know by name (gates/standard-gates.ts). */
  | { readonly kind: 'standard'; readonly name: string }
  /** Index into `Unit.gates`. */
  | { readonly kind: 'defined'; readonly gate: number }
  /** A gate that OpenQASM 2 declares without a body: only a device that has it can run it. */
  | { readonly kind: 'opaque'; readonly name: string };

export type Modifier =
  | { readonly kind: 'inv' }
  | { readonly kind: 'ctrl' | 'negctrl'; readonly count: number }
  | { readonly kind: 'pow'; readonly exponent: Expr };

// -------------------------------------------------------------- instructions

export type Instruction = Span &
  (
    | { readonly kind: 'assign'; readonly to: Place; readonly value: Expr }
    /** Makes a local or block-scoped variable anew: its default value where there is no `value`. */
    | {
        readonly kind: 'declare';
        readonly frame: 'global' | 'local';
        readonly slot: number;
        readonly value: Expr | undefined;
      }
    /** `let`, and the qubit arguments of a call: `slot` stands for these qubits from now on. */
    | {
        readonly kind: 'alias';
        readonly frame: 'global' | 'local';
        readonly slot: number;
        readonly qubits: Qubits;
      }
    /** Operands of several qubits are broadcast (checked: all of one size or lone). */
    | {
        readonly kind: 'gate';
        readonly gate: GateReference;
        readonly modifiers: readonly Modifier[];
        readonly parameters: readonly Expr[];
        readonly operands: readonly Qubits[];
      }
    | { readonly kind: 'measure'; readonly qubits: Qubits; readonly to: Place | undefined }
    | { readonly kind: 'reset'; readonly qubits: Qubits }
    | { readonly kind: 'barrier'; readonly qubits: readonly Qubits[] }
    /** Timing: a simulator may ignore it or refuse it by name. */
    | { readonly kind: 'delay'; readonly duration: Expr; readonly qubits: readonly Qubits[] }
    | {
        readonly kind: 'if';
        readonly condition: Expr;
        readonly then: readonly Instruction[];
        readonly else: readonly Instruction[];
      }
    | {
        readonly kind: 'for';
        readonly frame: 'global' | 'local';
        readonly slot: number;
        readonly over:
          | {
              readonly kind: 'range';
              readonly from: Expr;
              readonly step: Expr | undefined;
              readonly to: Expr;
            }
          | { readonly kind: 'set'; readonly elements: readonly Expr[] }
          | { readonly kind: 'elements'; readonly of: Expr };
        readonly body: readonly Instruction[];
      }
    | { readonly kind: 'while'; readonly condition: Expr; readonly body: readonly Instruction[] }
    | {
        readonly kind: 'switch';
        readonly subject: Expr;
        readonly cases: readonly {
          readonly values: readonly bigint[];
          readonly body: readonly Instruction[];
        }[];
        readonly default: readonly Instruction[] | undefined;
      }
    | { readonly kind: 'break' | 'continue' | 'end' }
    | {
        readonly kind: 'call';
        readonly subroutine: number;
        readonly arguments: readonly Argument[];
        readonly to: Place | undefined;
      }
    /** A call of somebody else's function: no run gets past it. */
    | {
        readonly kind: 'extern';
        readonly name: string;
        readonly arguments: readonly Argument[];
        readonly to: Place | undefined;
      }
    | { readonly kind: 'return'; readonly value: Expr | undefined }
  );

export type Argument =
  | { readonly kind: 'value'; readonly value: Expr }
  | { readonly kind: 'qubits'; readonly qubits: Qubits }
  /** An array by reference; `mutable` ones are written through. */
  | { readonly kind: 'reference'; readonly place: Place };

export type Subroutine = Span & {
  readonly name: string;
  /** The first slots are the parameters, in order. */
  readonly parameters: number;
  readonly slots: readonly Slot[];
  readonly returns: Type | undefined;
  readonly body: readonly Instruction[];
};
