import type { StandardGate } from '../gates/standard-gates.ts';
import type { ArrayType, Place, Qubits, QubitsType, Selector, Type, Value } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import type { StaticQubits } from './static-qubits.ts';

/** A part of a joined alias. */
export type BitsPlace = { readonly place: Place; readonly width: number };
export type FrameKind = 'global' | 'local';

/** What a name stands for. `poison`: its declaration is wrong and was told; nothing more is said about its uses. */
export type Meaning =
  | { readonly kind: 'constant'; readonly type: Type; readonly value: Value }
  /** A duration that only a device knows: a stretch, or a constant made with `durationof`. */
  | { readonly kind: 'device-constant'; readonly name: 'durationof' | 'stretch' }
  | {
      readonly kind: 'variable';
      readonly type: Type;
      readonly frame: FrameKind;
      readonly slot: number;
      /** Why it takes no new value: undefined where it does. */
      readonly fixed: 'an input' | 'a readonly array' | undefined;
    }
  | {
      readonly kind: 'qubits';
      readonly type: QubitsType;
      readonly frame: FrameKind;
      readonly slot: number;
      readonly static: StaticQubits | undefined;
      /** Operands that are used again and again, by constant index (flat programs have few qubits and many uses). */
      readonly elements: Map<number, QubitOperand>;
    }
  /** `let` over classical bits: another name for a place. */
  | {
      readonly kind: 'place';
      readonly type: Type;
      readonly frame: FrameKind;
      readonly slot: number;
      readonly selectors: readonly Selector[];
    }
  /** `let` over joined registers: their bits, part after part. */
  | { readonly kind: 'joined-places'; readonly width: number; readonly parts: readonly BitsPlace[] }
  | { readonly kind: 'gate'; readonly index: number; readonly parameters: number; readonly qubits: number }
  | { readonly kind: 'standard-gate'; readonly gate: StandardGate }
  | { readonly kind: 'opaque'; readonly parameters: number; readonly qubits: number }
  | CallableMeaning
  | { readonly kind: 'poison' };

/** A subroutine of the program (`index` negative while its own body is checked), or somebody else's function. */
export type CallableMeaning = {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: Type | undefined;
} & ({ readonly kind: 'subroutine'; readonly index: number } | { readonly kind: 'extern' });

export type Parameter = { readonly name: string } & (
  | { readonly kind: 'value'; readonly type: Type }
  | { readonly kind: 'array'; readonly type: ArrayType; readonly mutable: boolean }
  | { readonly kind: 'qubits'; readonly type: QubitsType }
);

/** Qubits as an operand, with what is known of them before the program runs. */
export type QubitOperand = {
  readonly qubits: Qubits;
  /** These alone, shared by all gates on one operand: what a program keeps is what its collector of garbage moves. */
  readonly list: readonly Qubits[];
  readonly size: number | undefined;
  readonly lone: boolean;
  readonly static: StaticQubits | undefined;
};

export type Scope = {
  readonly names: Map<string, { readonly meaning: Meaning; readonly span: Span }>;
  readonly parent: Scope | undefined;
  /** The body of a gate or subroutine begins here: names outside are seen through this wall. */
  readonly wall: 'gate' | 'subroutine' | undefined;
};

export function newScope(parent: Scope | undefined, wall?: 'gate' | 'subroutine'): Scope {
  return { names: new Map(), parent, wall };
}
