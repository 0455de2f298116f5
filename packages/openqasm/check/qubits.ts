import type { Place, Qubits, QubitsType, Selector } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Concatenation, Expression, HardwareQubit, Identifier, Index } from '../syntax/ast.ts';
import { type Context, complain, exceed, note, step } from './context.ts';
import { complainUndeclared, lookUp } from './names.ts';
import { describe } from './places.ts';
import { checkSelector, type IndexSyntax } from './selectors.ts';
import {
  findRepeated,
  findShared,
  LONE_QUBIT,
  listStatic,
  pickStatic,
  type StaticQubits,
} from './static-qubits.ts';
import type { Meaning, QubitOperand } from './symbols.ts';

type QubitsMeaning = Extract<Meaning, { kind: 'qubits' }>;

/** The qubits that an operand means; anything else is told. */
export function checkQubits(context: Context, syntax: Expression): QubitOperand | undefined {
  step(context, syntax);
  switch (syntax.kind) {
    case 'identifier':
      return checkName(context, syntax);
    case 'index':
      return checkElement(context, syntax);
    case 'parenthesized':
      return checkQubits(context, syntax.expression);
    case 'hardware-qubit':
      return checkHardware(context, syntax);
    case 'concatenation':
      return checkJoined(context, syntax);
    default:
      return complain(context, syntax, {
        code: 'type',
        message: 'This is a value, not a qubit',
        expected: 'a qubit or a register of qubits',
      });
  }
}

function checkName(context: Context, name: Identifier): QubitOperand | undefined {
  const meaning = qubitsMeaning(context, name);
  if (meaning === undefined) return undefined;
  const place: Place = {
    frame: meaning.frame,
    slot: meaning.slot,
    selectors: [],
    start: name.start,
    end: name.end,
  };
  return operand(place, meaning.type, meaning.static);
}

function qubitsMeaning(context: Context, name: Identifier): QubitsMeaning | undefined {
  const found = lookUp(context, name.name);
  if (found === undefined) return complainUndeclared(context, name);
  const { meaning, wall } = found;
  if (meaning.kind === 'poison') return undefined;
  if (meaning.kind !== 'qubits') {
    return complain(context, name, {
      code: 'type',
      message: `${name.name} is not a qubit`,
      expected: 'a qubit or a register of qubits',
    });
  }
  if (wall !== undefined) {
    return complain(context, name, {
      code: 'scope',
      message: `A ${wall} does not see the qubits ${name.name} of the program`,
      expected: `a qubit that is given to the ${wall}`,
      suggestion: `give ${name.name} to it as an argument`,
    });
  }
  return meaning;
}

function operand(place: Place, type: QubitsType, known: StaticQubits | undefined): QubitOperand {
  const qubits: Qubits = { kind: 'qubits', place, lone: type.lone, start: place.start, end: place.end };
  return { qubits, list: [qubits], size: type.size, lone: type.lone, static: known };
}

function checkElement(context: Context, syntax: Index): QubitOperand | undefined {
  if (syntax.of.kind === 'identifier') {
    const meaning = qubitsMeaning(context, syntax.of);
    return meaning && elementOf(context, syntax, syntax.of, meaning);
  }
  const of = checkQubits(context, syntax.of);
  if (of === undefined) return undefined;
  if (of.qubits.kind !== 'qubits') {
    return complain(context, syntax, {
      code: 'type',
      message: 'joined qubits have to be named before one of them is picked',
      expected: 'a register or an alias',
      suggestion: 'let name = a ++ b; and then name[0]',
    });
  }
  return picked(context, syntax, of.qubits.place, of);
}

/** `q[3]`: by far the commonest operand. Each constant index is resolved once for each register. */
function elementOf(
  context: Context,
  syntax: Index,
  name: Identifier,
  meaning: QubitsMeaning,
): QubitOperand | undefined {
  const index = syntax.indices.length === 1 ? syntax.indices[0] : undefined;
  const constant = index?.kind === 'integer' && index.value < 1n << 31n ? Number(index.value) : undefined;
  const known = constant === undefined ? undefined : meaning.elements.get(constant);
  if (known !== undefined) return known;
  const whole = {
    qubits: undefined,
    size: meaning.type.size,
    lone: meaning.type.lone,
    static: meaning.static,
  };
  const place: Place = {
    frame: meaning.frame,
    slot: meaning.slot,
    selectors: [],
    start: name.start,
    end: name.end,
  };
  const element = picked(context, syntax, place, whole);
  if (element !== undefined && constant !== undefined) meaning.elements.set(constant, element);
  return element;
}

function picked(
  context: Context,
  syntax: Index,
  place: Place,
  of: Pick<QubitOperand, 'size' | 'lone' | 'static'>,
): QubitOperand | undefined {
  const name = describe(syntax.of);
  if (of.lone) {
    return complain(context, syntax, {
      code: 'type',
      message: `${name} is one qubit and has no elements`,
      expected: `${name} without an index`,
    });
  }
  if (syntax.indices.length > 1) {
    return complain(context, syntax, {
      code: 'index',
      message: `${syntax.indices.length} indices where ${name} has 1 dimension`,
      expected: `one index, or a set: ${name}[{0, 2}]`,
    });
  }
  const selection = checkSelector(context, syntax.indices[0] as IndexSyntax, of.size, name);
  if (selection === undefined) return undefined;
  const known = of.static && selection.picked && pickStatic(of.static, selection.picked);
  if (known !== undefined && repeats(context, syntax, known)) return undefined;
  const selectors: Selector[] = [...place.selectors, selection.selector];
  const lone = selection.selector.kind === 'index';
  return operand(
    { ...place, selectors, start: syntax.start, end: syntax.end },
    { kind: 'qubits', size: selection.size, lone },
    known,
  );
}

function repeats(context: Context, span: Span, qubits: StaticQubits): boolean {
  const twice = findRepeated(qubits);
  if (twice === undefined) return false;
  complain(context, span, {
    code: 'same-qubit',
    message: `${qubitName(context, twice)} stands here twice`,
    expected: 'different qubits',
  });
  return true;
}

/** `q[2]` for a number of the program's count. */
export function qubitName(context: Context, qubit: number): string {
  const register = context.qubits.find(({ first, size }) => qubit >= first && qubit < first + size);
  if (register === undefined) return 'a qubit';
  const slot = context.globalSlots[register.slot];
  const lone = slot?.type.kind === 'qubits' && slot.type.lone;
  return lone ? register.name : `${register.name}[${qubit - register.first}]`;
}

/** `$3`: declared where it is first used. */
function checkHardware(context: Context, syntax: HardwareQubit): QubitOperand | undefined {
  if (context.frame.kind === 'gate') {
    return complain(context, syntax, {
      code: 'scope',
      message: `A gate does not name the qubit $${syntax.number} of a device`,
      expected: 'a qubit that is given to the gate',
    });
  }
  note(context, 'hardware-qubit', syntax);
  let slot = context.hardwareQubits.get(syntax.number);
  if (slot === undefined) {
    slot = addQubits(context, syntax, `$${syntax.number}`, LONE_QUBIT);
    context.hardwareQubits.set(syntax.number, slot);
  }
  const register = context.qubits.find((each) => each.slot === slot);
  const place: Place = { frame: 'global', slot, selectors: [], start: syntax.start, end: syntax.end };
  return operand(place, LONE_QUBIT, { first: register?.first ?? 0, step: 1, size: 1 });
}

/** Takes qubits into the program and gives their slot. */
export function addQubits(context: Context, span: Span, name: string, type: QubitsType): number {
  const size = type.size ?? 1;
  if (context.qubitCount + size > context.limits.qubits) {
    exceed(
      context,
      span,
      `The program has more qubits than the limit of ${context.limits.qubits}`,
      `at most ${context.limits.qubits} qubits`,
    );
  }
  context.globalSlots.push({ name, type });
  const slot = context.globalSlots.length - 1;
  context.qubits.push({ name, size, first: context.qubitCount, slot });
  context.qubitCount += size;
  return slot;
}

function checkJoined(context: Context, syntax: Concatenation): QubitOperand | undefined {
  const parts = syntax.parts.map((part) => checkQubits(context, part));
  if (parts.includes(undefined)) return undefined;
  const known = parts as QubitOperand[];
  for (const [i, part] of known.entries()) {
    const shared = known.slice(0, i).flatMap((before) => {
      const both = before.static && part.static ? findShared(before.static, part.static) : undefined;
      return both === undefined ? [] : [both];
    })[0];
    if (shared === undefined) continue;
    return complain(context, syntax.parts[i] as Expression, {
      code: 'same-qubit',
      message: `${qubitName(context, shared)} is joined with itself`,
      expected: 'different qubits',
    });
  }
  const sizes = known.map((part) => part.size);
  const all = known.map((part) => part.static);
  const qubits: Qubits = {
    kind: 'joined-qubits',
    parts: known.map((part) => part.qubits),
    start: syntax.start,
    end: syntax.end,
  };
  return {
    qubits,
    list: [qubits],
    size: sizes.includes(undefined) ? undefined : (sizes as number[]).reduce((sum, size) => sum + size, 0),
    lone: false,
    static: all.includes(undefined)
      ? undefined
      : (all as StaticQubits[]).flatMap((part) => [...listStatic(part)]),
  };
}
