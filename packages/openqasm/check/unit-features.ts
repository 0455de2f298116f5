import type { Expr, Instruction, Place, Qubits, Unit } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Feature } from './feature-list.ts';
import { MeasuredQubits } from './measured-qubits.ts';

/** Which frame a slot belongs to: -1 the program's, otherwise the number of the subroutine. */
type Walk = {
  readonly unit: Unit;
  readonly uses: Map<Feature, Span>;
  /** Slots whose value may hang on an outcome, by frame. */
  readonly tainted: Map<number, Set<number>>;
  readonly measuring: readonly boolean[];
  measured: MeasuredQubits;
  changed: boolean;
};
type Where = { readonly frame: number; readonly measured: boolean };

/** The features that the unit shows, each with its first place; `known` are those that the checker noted. */
export function unitFeatures(unit: Unit, known: ReadonlyMap<Feature, Span>): ReadonlyMap<Feature, Span> {
  const measuring: boolean[] = [];
  for (const subroutine of unit.subroutines) measuring.push(measures(subroutine.body, measuring));
  const walk: Walk = {
    unit,
    uses: new Map(known),
    tainted: new Map(),
    measuring,
    measured: new MeasuredQubits(),
    changed: true,
  };
  // A value may become measured behind the place where it is read, in a loop: again until nothing is new.
  while (walk.changed) {
    walk.changed = false;
    walk.measured = new MeasuredQubits();
    block(walk, unit.body, { frame: -1, measured: false });
    for (const [frame, subroutine] of unit.subroutines.entries()) {
      block(walk, subroutine.body, { frame, measured: false });
    }
    for (const gate of unit.gates) controlOnly(walk, gate.body);
  }
  return walk.uses;
}

/** Whether the subroutine measures or calls one that does: these are defined before it. */
function measures(body: readonly Instruction[], before: readonly boolean[]): boolean {
  return body.some((each) => {
    if (each.kind === 'measure') return true;
    if (each.kind === 'call') return before[each.subroutine] === true;
    return parts(each).some((part) => measures(part, before));
  });
}

function parts(instruction: Instruction): readonly (readonly Instruction[])[] {
  switch (instruction.kind) {
    case 'if':
      return [instruction.then, instruction.else];
    case 'for':
    case 'while':
      return [instruction.body];
    case 'switch':
      return [...instruction.cases.map((each) => each.body), instruction.default ?? []];
    default:
      return [];
  }
}

function use(walk: Walk, feature: Feature, span: Span): undefined {
  const before = walk.uses.get(feature);
  if (before === undefined || span.start < before.start)
    walk.uses.set(feature, { start: span.start, end: span.end });
}

function controlOnly(walk: Walk, body: readonly Instruction[]): undefined {
  for (const each of body) {
    if (parts(each).length > 0) use(walk, 'classical-control', each);
    for (const part of parts(each)) controlOnly(walk, part);
  }
}

function block(walk: Walk, body: readonly Instruction[], where: Where): undefined {
  for (const instruction of body) visit(walk, instruction, where);
}

function visit(walk: Walk, each: Instruction, where: Where): undefined {
  switch (each.kind) {
    case 'gate':
      for (const operand of each.operands) touch(walk, operand, where, each);
      return;
    case 'measure':
      if (each.to !== undefined) taint(walk, each.to, where.frame);
      if (walk.measured.measure(each.qubits, where.frame, each.start))
        use(walk, 'mid-circuit-measurement', each);
      return;
    case 'reset':
      use(walk, 'reset', each);
      touch(walk, each.qubits, where, each);
      return;
    case 'assign':
      if (!isPlain(each.value)) use(walk, 'classical-arithmetic', each);
      if (where.measured || reads(walk, each.value, where.frame)) taint(walk, each.to, where.frame);
      return;
    case 'declare':
      if (each.value === undefined) return;
      if (!isPlain(each.value)) use(walk, 'classical-arithmetic', each);
      if (where.measured || reads(walk, each.value, where.frame))
        taintSlot(walk, frameOf(each.frame, where), each.slot);
      return;
    case 'call':
      return call(walk, each, where);
    case 'alias':
      walk.measured.alias(each.slot, each.qubits, where.frame);
      return;
    case 'break':
    case 'continue':
      if (where.measured) use(walk, 'measured-loop', each);
      return;
    default:
      return control(walk, each, where);
  }
}

function control(walk: Walk, each: Instruction, where: Where): undefined {
  const inner = parts(each);
  if (inner.length === 0) return;
  use(walk, 'classical-control', each);
  const measured = decides(each).some((part) => reads(walk, part, where.frame));
  if (measured)
    use(walk, each.kind === 'if' || each.kind === 'switch' ? 'measured-branch' : 'measured-loop', each);
  if (measured) use(walk, 'mid-circuit-measurement', each);
  if (each.kind === 'for' && measured) taintSlot(walk, frameOf(each.frame, where), each.slot);
  const next = { frame: where.frame, measured: where.measured || measured };
  for (const part of inner) block(walk, part, next);
  // What stands late in a loop comes before what stands early in its next round.
  if (each.kind === 'for' || each.kind === 'while') block(walk, each.body, next);
}

/** The expressions that decide what a control instruction does. */
function decides(each: Instruction): readonly Expr[] {
  switch (each.kind) {
    case 'if':
    case 'while':
      return [each.condition];
    case 'switch':
      return [each.subject];
    case 'for':
      if (each.over.kind === 'set') return each.over.elements;
      if (each.over.kind === 'elements') return [each.over.of];
      return [each.over.from, each.over.to, ...(each.over.step ? [each.over.step] : [])];
    default:
      return [];
  }
}

function call(walk: Walk, each: Extract<Instruction, { kind: 'call' }>, where: Where): undefined {
  let measured = where.measured || walk.measuring[each.subroutine] === true;
  for (const [slot, argument] of each.arguments.entries()) {
    if (argument.kind === 'qubits') {
      touch(walk, argument.qubits, where, each);
      if (walk.measuring[each.subroutine]) walk.measured.measure(argument.qubits, where.frame, each.start);
      continue;
    }
    const isMeasured =
      argument.kind === 'value'
        ? reads(walk, argument.value, where.frame)
        : isTainted(walk, frameOf(argument.place.frame, where), argument.place.slot);
    if (isMeasured) taintSlot(walk, each.subroutine, slot);
    measured ||= isMeasured;
  }
  if (!measured) return;
  if (each.to !== undefined) taint(walk, each.to, where.frame);
  for (const argument of each.arguments) {
    if (argument.kind === 'reference') taint(walk, argument.place, where.frame);
  }
}

function touch(walk: Walk, qubits: Qubits, where: Where, span: Span): undefined {
  if (walk.measured.isMeasured(qubits, where.frame)) use(walk, 'mid-circuit-measurement', span);
}

function frameOf(frame: 'global' | 'local', where: Where | number): number {
  const own = typeof where === 'number' ? where : where.frame;
  return frame === 'global' ? -1 : own;
}

function taint(walk: Walk, place: Place, frame: number): undefined {
  taintSlot(walk, frameOf(place.frame, frame), place.slot);
}

function taintSlot(walk: Walk, frame: number, slot: number): undefined {
  let slots = walk.tainted.get(frame);
  if (slots === undefined) {
    slots = new Set();
    walk.tainted.set(frame, slots);
  }
  if (slots.has(slot)) return;
  slots.add(slot);
  walk.changed = true;
}

function isTainted(walk: Walk, frame: number, slot: number): boolean {
  return walk.tainted.get(frame)?.has(slot) === true;
}

/** A constant, a variable or a part of one: nothing is computed. */
function isPlain(expression: Expr): boolean {
  if (expression.kind === 'convert') return isPlain(expression.operand);
  return expression.kind === 'constant' || expression.kind === 'load';
}

/** Whether the value hangs on an outcome. */
function reads(walk: Walk, expression: Expr, frame: number): boolean {
  switch (expression.kind) {
    case 'constant':
    case 'device-time':
      return false;
    case 'load':
      return isTainted(walk, frameOf(expression.from.frame, frame), expression.from.slot);
    case 'unary':
    case 'convert':
      return reads(walk, expression.operand, frame);
    case 'binary':
      return reads(walk, expression.left, frame) || reads(walk, expression.right, frame);
    case 'pick':
      return reads(walk, expression.of, frame);
    case 'builtin':
      return expression.arguments.some((each) => reads(walk, each, frame));
    case 'join':
      return expression.parts.some((each) => reads(walk, each, frame));
  }
}
