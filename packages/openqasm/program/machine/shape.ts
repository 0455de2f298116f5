import { type Core, coreOf, inverseOf, powerOf } from '../../gates/core.ts';
import { type ControlledBase, STANDARD_GATES, type StandardGate } from '../../gates/standard-gates.ts';
import type { Span } from '../../source/diagnostic.ts';
import type { Gate } from '../operation.ts';
import type { Budget } from './budget.ts';
import { fail } from './failure.ts';
import { only } from './single.ts';

/**
 * A gate call with everything known but its qubits: the first `controls` of them control. Either one unitary (`core`), or a
 * `body` of other calls, run `repeat` times, backwards and inverted where `inverse`.
 */
export type Shape = {
  readonly controls: number;
  /** One entry a control; undefined: all ones. */
  readonly polarity: Polarity | undefined;
} & (
  | { readonly core: Core }
  | {
      readonly core: undefined;
      readonly body: Body;
      readonly inverse: boolean;
      readonly repeat: number;
    }
);
export type Polarity = readonly (0 | 1)[];

/** What a gate of several parts stands for. Its calls are made when it is entered, so that a gate bomb costs nothing. */
export type Body = { readonly calls: (budget: Budget) => readonly Call[] };

/** `qubits` are places in the list of the enclosing gate's qubits; the qubits' own numbers at the outermost level. */
export type Call =
  | { readonly kind: 'gate'; readonly shape: Shape; readonly qubits: readonly number[] }
  | { readonly kind: 'barrier'; readonly qubits: readonly number[] }
  | { readonly kind: 'delay'; readonly qubits: readonly number[]; readonly seconds: number };

/** `ctrl @`, `negctrl @` and `pow(k) @` (`inv` is pow(-1)) with numbers in them, from the left. */
export type KnownModifier =
  | { readonly kind: 'controls'; readonly polarity: Polarity }
  | { readonly kind: 'power'; readonly exponent: number };

const NO_QUBITS: readonly number[] = [];

/** The shape of a gate without modifiers. */
export function standardShape(gate: StandardGate, parameters: readonly number[]): Shape {
  const { meaning } = gate;
  if (meaning.kind === 'sequence') return bodyShape(sequenceBody(gate.name));
  if (parameters.length === 0) return fixedShape(gate, meaning);
  const core = coreOf(meaning.base, meaning.angles?.(parameters) ?? parameters);
  return { controls: meaning.controls, polarity: undefined, core };
}

const fixedShapes = new Map<string, Shape>();

function fixedShape(gate: StandardGate, { controls, base }: ControlledBase): Shape {
  const before = fixedShapes.get(gate.name);
  if (before) return before;
  const shape = { controls, polarity: undefined, core: coreOf(base, NO_QUBITS) };
  fixedShapes.set(gate.name, shape);
  return shape;
}

export function bodyShape(body: Body): Shape {
  return { controls: 0, polarity: undefined, core: undefined, body, inverse: false, repeat: 1 };
}

/**
 * The shape under modifiers, or undefined where it is the identity. The one next to the gate acts first; controls commute with powers, and
 * the leftmost control comes first among the qubits.
 *
 * @param dense makes one unitary of a body, for powers that are not whole; fails with a position where it is too wide
 */
export function modify(
  shape: Shape,
  modifiers: readonly KnownModifier[],
  dense: (shape: Shape) => Core,
): Shape | undefined {
  let result: Shape | undefined = shape;
  for (let at = modifiers.length - 1; at >= 0 && result; at--) {
    const modifier = modifiers[at] as KnownModifier;
    result =
      modifier.kind === 'controls'
        ? addControls(result, modifier.polarity)
        : raise(result, modifier.exponent, dense);
  }
  return result;
}

function addControls(shape: Shape, polarity: Polarity): Shape {
  const before = shape.polarity ?? new Array<1>(shape.controls).fill(1);
  const all = [...polarity, ...before];
  return {
    ...shape,
    controls: shape.controls + polarity.length,
    polarity: all.includes(0) ? all : undefined,
  };
}

function raise(shape: Shape, exponent: number, dense: (shape: Shape) => Core): Shape | undefined {
  if (shape.core !== undefined) {
    const core = powerOf(shape.core, exponent);
    return core && { ...shape, core };
  }
  if (Number.isInteger(exponent)) {
    if (exponent === 0) return undefined;
    return {
      ...shape,
      inverse: shape.inverse !== exponent < 0,
      repeat: shape.repeat * Math.abs(exponent),
    };
  }
  const core = powerOf(dense({ ...shape, controls: 0, polarity: undefined }), exponent);
  return core && { controls: shape.controls, polarity: shape.polarity, core };
}

const sequences = new Map<string, Body>();

function sequenceBody(name: string): Body {
  const known = sequences.get(name);
  if (known) return known;
  const gate = STANDARD_GATES.get(name);
  if (gate?.meaning.kind !== 'sequence') throw new RangeError(`${name} is no sequence of gates`);
  const calls = gate.meaning.parts.map((part): Call => {
    const inner = STANDARD_GATES.get(part.gate) as StandardGate;
    return { kind: 'gate', shape: standardShape(inner, part.parameters), qubits: part.qubits };
  });
  const body = { calls: () => calls };
  sequences.set(name, body);
  return body;
}

/** How many operations a sequence of the include file stands for; 1 for all other standard gates. */
export function standardSize(gate: StandardGate | undefined): number {
  return gate?.meaning.kind === 'sequence' ? gate.meaning.parts.length : 1;
}

/** The operation of one unitary on `qubits` (controls first). */
export function gateOperation(
  core: Core,
  controls: number,
  polarity: Polarity | undefined,
  qubits: readonly number[],
): Gate {
  return {
    kind: 'gate',
    name: core.name,
    parameters: core.parameters,
    matrix: core.matrix,
    controls: part(qubits, 0, controls),
    polarity,
    targets: part(qubits, controls, qubits.length),
  };
}

function part(qubits: readonly number[], from: number, to: number): readonly number[] {
  if (to === from) return NO_QUBITS;
  if (to - from === 1) return only(qubits[from] as number);
  return to - from === qubits.length ? qubits : qubits.slice(from, to);
}

/** The inverse of the core where the way is backwards. */
export function directed(core: Core, inverse: boolean): Core {
  return inverse ? inverseOf(core) : core;
}

/** @throws RunFailure where a qubit stands twice */
export function checkDistinct(
  qubits: readonly number[],
  span: Span,
  nameOf: (qubit: number) => string,
): void {
  if (qubits.length < 2 || (qubits.length === 2 && qubits[0] !== qubits[1])) return;
  const twice =
    qubits.length > 8
      ? new Set(qubits).size < qubits.length && qubits.find((qubit, at) => qubits.indexOf(qubit) !== at)
      : qubits.find((qubit, at) => qubits.indexOf(qubit) < at);
  if (twice !== undefined && twice !== false) {
    fail(
      span,
      'same-qubit',
      `${nameOf(twice)} is used twice in one operation`,
      'a different qubit for each operand',
    );
  }
}
