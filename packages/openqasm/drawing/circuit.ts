/** A circuit as it is drawn: wires from top to bottom, columns from left to right. Data only, so a page may draw its own. */
export type Circuit = {
  readonly wires: readonly Wire[];
  readonly columns: readonly (readonly Element[])[];
  readonly frames: readonly Frame[];
  /** What was left out to keep the drawing small. */
  readonly omitted: { readonly columns: boolean; readonly qubits: number };
};

/** One qubit, or one classical register. */
export type Wire = { readonly kind: 'qubit' | 'bits'; readonly label: string; readonly size: number };

/** Wires by their place in `Circuit.wires`. Elements of one column don't overlap. */
export type Element =
  | {
      readonly kind: 'gate';
      readonly label: string;
      readonly targets: readonly number[];
      readonly controls: readonly { readonly wire: number; readonly on: boolean }[];
    }
  | {
      readonly kind: 'swap';
      readonly targets: readonly number[];
      readonly controls: readonly { readonly wire: number; readonly on: boolean }[];
    }
  | {
      readonly kind: 'measure';
      readonly wire: number;
      readonly to: { readonly wire: number; readonly label: string } | undefined;
    }
  | { readonly kind: 'reset'; readonly wire: number }
  | { readonly kind: 'barrier'; readonly wires: readonly number[] }
  /** Something that is said in words: a statement whose qubits are known at run time only, a classical assignment. */
  | { readonly kind: 'note'; readonly label: string; readonly wires: readonly number[] };

/** A block under a condition or a loop, over all wires: columns `from` to `to`, both counted in. `depth` 0 is the outermost. */
export type Frame = {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
};

/** The wires from the topmost to the lowest that an element takes, lines between its parts counted in. */
export function extent(element: Element): readonly [number, number] {
  const wires = wiresOf(element);
  return [Math.min(...wires), Math.max(...wires)];
}

function wiresOf(element: Element): readonly number[] {
  switch (element.kind) {
    case 'gate':
    case 'swap':
      return [...element.targets, ...element.controls.map((control) => control.wire)];
    case 'measure':
      return element.to ? [element.wire, element.to.wire] : [element.wire];
    case 'reset':
      return [element.wire];
    default:
      return element.wires;
  }
}
