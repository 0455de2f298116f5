import { STANDARD_GATES } from '../gates/standard-gates.ts';
import type { Expr, Instruction, Place, Qubits, Unit } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Circuit, Element, Wire } from './circuit.ts';
import { angleLabel, shorten } from './labels.ts';
import { Layout } from './layout.ts';
import { constantPlaces, KnownQubits } from './operands.ts';

export type CircuitOptions = {
  /** Default 120. */
  readonly mostColumns?: number;
  /** Default 64. */
  readonly mostQubits?: number;
};

const LONGEST = 40;

/**
 * The drawing of a program: its statements as they stand (gates of its own as boxes, a loop once in a frame), no run and no inputs
 * needed. What only a run can tell is drawn as its text. Bounded in columns and qubits whatever the program.
 *
 * @param textOf the source of a span: labels of conditions, loops and angles
 */
export function circuit(unit: Unit, textOf: (span: Span) => string, options: CircuitOptions = {}): Circuit {
  const shown = Math.min(unit.qubitCount, options.mostQubits ?? 64);
  const wires: Wire[] = unit.qubits.flatMap(({ name, size, first, slot }) => {
    const type = unit.slots[slot]?.type;
    const lone = type?.kind === 'qubits' && type.lone;
    return Array.from({ length: Math.max(0, Math.min(size, shown - first)) }, (_, i) => ({
      kind: 'qubit' as const,
      label: lone ? name : `${name}[${i}]`,
      size: 1,
    }));
  });
  for (const { name, size } of unit.registers) wires.push({ kind: 'bits', label: name, size });
  const builder = new Builder(unit, textOf, new Layout(wires, options.mostColumns ?? 120), shown);
  builder.list(unit.body);
  return builder.layout.finish(unit.qubitCount - shown);
}

class Builder {
  readonly layout: Layout;
  readonly #unit: Unit;
  readonly #textOf: (span: Span) => string;
  readonly #known: KnownQubits;
  readonly #shown: number;

  constructor(unit: Unit, textOf: (span: Span) => string, layout: Layout, shown: number) {
    this.#unit = unit;
    this.#textOf = textOf;
    this.layout = layout;
    this.#known = new KnownQubits(unit);
    this.#shown = shown;
  }

  list(instructions: readonly Instruction[]): void {
    for (const instruction of instructions) {
      if (this.layout.full) return;
      this.#draw(instruction);
    }
  }

  #draw(instruction: Instruction): void {
    switch (instruction.kind) {
      case 'gate':
        this.#gate(instruction);
        return;
      case 'measure':
        this.#measure(instruction);
        return;
      case 'reset':
        for (const wire of this.#known.possible(instruction.qubits))
          this.#place({ kind: 'reset', wire }, [wire]);
        return;
      case 'barrier': {
        const given = instruction.qubits.flatMap((each) => this.#known.possible(each));
        const wires = (given.length > 0 ? given : this.#all()).filter((wire) => wire < this.#shown);
        this.#place({ kind: 'barrier', wires }, wires);
        return;
      }
      case 'delay':
        this.#note(
          instruction,
          instruction.qubits.flatMap((each) => this.#known.possible(each)),
        );
        return;
      case 'alias':
        if (instruction.frame === 'global') this.#known.alias(instruction.slot, instruction.qubits);
        return;
      case 'extern':
        this.#note(instruction, [], `${instruction.name}(…)`);
        return;
      case 'call': {
        const qubits = instruction.arguments.flatMap((each) =>
          each.kind === 'qubits' ? this.#known.possible(each.qubits) : [],
        );
        const name = this.#unit.subroutines[instruction.subroutine]?.name ?? '';
        this.#note(instruction, qubits, `${name}(…)`);
        return;
      }
      case 'assign': {
        const wire = this.#registerWire(instruction.to);
        if (wire !== undefined)
          this.#place({ kind: 'note', label: this.#text(instruction), wires: [wire] }, []);
        return;
      }
      case 'end':
      case 'break':
      case 'continue':
        this.#note(instruction, this.#all(), instruction.kind);
        return;
      default:
        this.#block(instruction);
    }
  }

  #block(instruction: Instruction): void {
    switch (instruction.kind) {
      case 'if':
        this.#frame(`if ${this.#text(instruction.condition)}`, instruction.then);
        if (instruction.else.length > 0) this.#frame('else', instruction.else);
        return;
      case 'while':
        this.#frame(`while ${this.#text(instruction.condition)}`, instruction.body);
        return;
      case 'for': {
        const name = instruction.frame === 'global' ? (this.#unit.slots[instruction.slot]?.name ?? '') : '';
        this.#frame(`for ${name} in ${this.#overText(instruction.over)}`, instruction.body);
        return;
      }
      case 'switch': {
        const subject = this.#text(instruction.subject);
        for (const { values, body } of instruction.cases)
          this.#frame(`case ${subject} = ${values.join(', ')}`, body);
        if (instruction.default) this.#frame(`default of ${subject}`, instruction.default);
      }
    }
  }

  #overText(over: (Instruction & { kind: 'for' })['over']): string {
    if (over.kind === 'elements') return this.#text(over.of);
    if (over.kind === 'set') return `{${over.elements.map((each) => this.#text(each)).join(', ')}}`;
    const ends = [over.from, over.step, over.to].flatMap((end) => (end ? [this.#text(end)] : []));
    return `[${ends.join(':')}]`;
  }

  #frame(label: string, body: readonly Instruction[]): void {
    this.layout.open(shorten(label, LONGEST));
    this.list(body);
    this.layout.close();
  }

  #gate(instruction: Instruction & { kind: 'gate' }): void {
    const lists = instruction.operands.map((operand) => this.#known.of(operand));
    if (!lists.every((list) => list !== undefined)) {
      this.#note(
        instruction,
        instruction.operands.flatMap((operand) => this.#known.possible(operand)),
      );
      return;
    }
    const lone = (operand: Qubits) => operand.kind === 'qubits' && operand.lone;
    const times = instruction.operands.every(lone)
      ? 1
      : Math.min(
          ...lists.filter((_, at) => !lone(instruction.operands[at] as Qubits)).map((list) => list.length),
        );
    for (let i = 0; i < times; i++) {
      const qubits = lists.map(
        (list, at) => list[lone(instruction.operands[at] as Qubits) ? 0 : i] as number,
      );
      this.#place(this.#gateElement(instruction, qubits), qubits);
      if (this.layout.full) return;
    }
  }

  #gateElement(instruction: Instruction & { kind: 'gate' }, qubits: readonly number[]): Element {
    const polarity: boolean[] = [];
    let suffix = '';
    for (const modifier of instruction.modifiers) {
      if (modifier.kind === 'inv') suffix += '†';
      else if (modifier.kind === 'pow') suffix += `^${this.#value(modifier.exponent)}`;
      else for (let i = 0; i < modifier.count; i++) polarity.push(modifier.kind === 'ctrl');
    }
    const standard =
      instruction.gate.kind === 'standard' ? STANDARD_GATES.get(instruction.gate.name) : undefined;
    const base = standard?.meaning.kind === 'base' ? standard.meaning : undefined;
    for (let i = 0; i < (base?.controls ?? 0); i++) polarity.push(true);
    const controls = polarity.map((on, at) => ({ wire: qubits[at] as number, on }));
    const targets = qubits.slice(polarity.length);
    const { gate } = instruction;
    const own =
      gate.kind === 'defined'
        ? this.#unit.gates[gate.gate]?.name
        : gate.kind === 'opaque'
          ? gate.name
          : undefined;
    const name = own ?? base?.base.name.toUpperCase() ?? standard?.name.toUpperCase() ?? '';
    if (name === 'SWAP' && suffix === '') return { kind: 'swap', targets, controls };
    const angles = instruction.parameters.map((each) => this.#value(each)).join(', ');
    const label = `${name}${suffix}${angles === '' ? '' : `(${shorten(angles, LONGEST)})`}`;
    // A phase without a qubit of its own sits on its last control.
    if (targets.length === 0) {
      const last = controls.pop();
      return {
        kind: 'gate',
        label: label.replace('GPHASE', 'P'),
        targets: last ? [last.wire] : [],
        controls,
      };
    }
    return { kind: 'gate', label, targets, controls };
  }

  #measure(instruction: Instruction & { kind: 'measure' }): void {
    const qubits = this.#known.of(instruction.qubits);
    if (qubits === undefined) {
      this.#note(instruction, this.#known.possible(instruction.qubits));
      return;
    }
    const wire = instruction.to && this.#registerWire(instruction.to);
    const size = wire === undefined ? 0 : (this.#unit.registers[wire - this.#shown]?.size ?? 0);
    const bits = instruction.to && constantPlaces(instruction.to.selectors, size);
    for (const [at, qubit] of qubits.entries()) {
      const label = size === 1 ? '' : String(bits?.[at] ?? '?');
      this.#place({ kind: 'measure', wire: qubit, to: wire === undefined ? undefined : { wire, label } }, [
        qubit,
      ]);
    }
  }

  /** The wire of a register of the result, undefined for other variables. */
  #registerWire(place: Place): number | undefined {
    if (place.frame !== 'global') return undefined;
    const index = this.#unit.registers.findIndex(({ slot }) => slot === place.slot);
    return index < 0 ? undefined : this.#shown + index;
  }

  #note(span: Span, qubits: readonly number[], label = this.#text(span)): void {
    const wires = [...new Set(qubits)].filter((wire) => wire < this.#shown);
    this.#place({ kind: 'note', label, wires }, wires);
  }

  /** Leaves out what touches qubits that are not shown, and global phases. */
  #place(element: Element, qubits: readonly number[]): void {
    const nowhere = element.kind !== 'measure' && element.kind !== 'reset' && sizeOf(element) === 0;
    if (!nowhere && qubits.every((qubit) => qubit < this.#shown)) this.layout.place(element);
  }

  #all(): readonly number[] {
    return Array.from({ length: this.#shown }, (_, wire) => wire);
  }

  #value(expr: Expr): string {
    if (expr.kind !== 'constant') return this.#text(expr);
    return typeof expr.value === 'number' ? angleLabel(expr.value) : String(expr.value);
  }

  #text(span: Span): string {
    return shorten(this.#textOf(span).replace(/;\s*$/, ''), LONGEST);
  }
}

function sizeOf(element: Exclude<Element, { kind: 'measure' | 'reset' }>): number {
  return 'wires' in element ? element.wires.length : element.targets.length + element.controls.length;
}
