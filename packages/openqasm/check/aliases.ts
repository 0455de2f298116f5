import type { Expr, Place, Selector } from '../program/ir.ts';
import { INT, typeName } from '../program/values/types.ts';
import type { AliasDeclaration, Expression } from '../syntax/ast.ts';
import { constantOf } from './constants.ts';
import { addSlot, type Context, complain, frameKind } from './context.ts';
import { define, lookUp, poison } from './names.ts';
import { constantPlaces } from './pick-constant.ts';
import { checkQubits } from './qubits.ts';
import { checkExpression, load } from './rules.ts';
import type { BitsPlace } from './symbols.ts';

/** `let a = q[0:2] ++ r;` over qubits, or over the bits of a register. */
export function checkAlias(context: Context, syntax: AliasDeclaration): undefined {
  if (!isQuantum(context, syntax.value)) return aliasOfBits(context, syntax);
  const operand = checkQubits(context, syntax.value);
  if (operand === undefined) return poison(context, syntax.name);
  const type = { kind: 'qubits', size: operand.size, lone: operand.lone } as const;
  const frame = frameKind(context);
  const slot = addSlot(context, syntax.name.name, type);
  context.out.push({
    kind: 'alias',
    frame,
    slot,
    qubits: operand.qubits,
    start: syntax.start,
    end: syntax.end,
  });
  define(context, syntax.name, {
    kind: 'qubits',
    type,
    frame,
    slot,
    static: operand.static,
    elements: new Map(),
  });
}

function isQuantum(context: Context, syntax: Expression): boolean {
  switch (syntax.kind) {
    case 'hardware-qubit':
      return true;
    case 'identifier': {
      const kind = lookUp(context, syntax.name)?.meaning.kind;
      return kind === undefined || kind === 'qubits' || kind === 'poison';
    }
    case 'index':
      return isQuantum(context, syntax.of);
    case 'parenthesized':
      return isQuantum(context, syntax.expression);
    case 'concatenation':
      return syntax.parts.some((part) => isQuantum(context, part));
    default:
      return false;
  }
}

/** Another name for a variable, for a part of one, or for the bits of several: the name stands for them, not for what they hold now. */
function aliasOfBits(context: Context, syntax: AliasDeclaration): undefined {
  const value = isNamed(syntax.value) ? checkExpression(context, syntax.value) : undefined;
  if (!isNamed(syntax.value)) complainNoRegister(context, syntax);
  if (value === undefined) return poison(context, syntax.name);
  if (value.kind === 'constant')
    return define(context, syntax.name, { kind: 'constant', type: value.type, value: value.value });
  if (value.kind === 'load') {
    const { frame, slot, selectors } = pinned(context, value.from);
    return define(context, syntax.name, { kind: 'place', type: value.type, frame, slot, selectors });
  }
  const parts = value.type.kind === 'bits' ? partsOf(context, value) : undefined;
  if (parts === undefined || value.type.kind !== 'bits') {
    complainNoRegister(context, syntax, `: ${typeName(value.type)} ${syntax.name.name} = ...;`);
    return poison(context, syntax.name);
  }
  if (overlap(context, parts)) {
    complain(context, syntax.value, {
      code: 'size',
      message: 'A register is joined with a part of itself',
      expected: 'different bits',
    });
    return poison(context, syntax.name);
  }
  const [first] = parts;
  if (value.type.lone && first !== undefined)
    return define(context, syntax.name, { kind: 'place', type: value.type, ...first.place });
  define(context, syntax.name, { kind: 'joined-places', width: value.type.width, parts });
}

/** Whether one bit stands twice, as far as that is known before the program runs. */
function overlap(context: Context, parts: readonly BitsPlace[]): boolean {
  const seen = new Set<string>();
  return parts.some(({ place: { frame, slot, selectors } }) => {
    const slots = frame === 'global' ? context.globalSlots : context.frame.slots;
    const type = slots[slot]?.type;
    if (type?.kind !== 'bits') return false;
    let places: readonly number[] | undefined = Array.from({ length: type.width }, (_, i) => i);
    for (const selector of selectors) {
      const before: readonly number[] | undefined = places;
      places = before && constantPlaces(selector, before.length)?.map((at) => before[at] as number);
    }
    return places?.some((at) => {
      const bit = `${frame} ${slot} ${at}`;
      return seen.has(bit) || !seen.add(bit);
    });
  });
}

/** The place that is meant where the alias stands: what its indices hang on may change afterwards. */
function pinned(context: Context, place: Place): Place {
  const pin = (index: Expr): Expr => {
    if (index.kind === 'constant') return index;
    const { start, end, type } = index;
    const kept = { frame: frameKind(context), slot: addSlot(context, '', type), selectors: [], start, end };
    context.out.push({ kind: 'assign', to: kept, value: index, start, end });
    return load(kept, type);
  };
  const selectors = place.selectors.map((selector): Selector => {
    if (selector.kind === 'index') return { kind: 'index', index: pin(selector.index) };
    if (selector.kind === 'set') return { kind: 'set', indices: selector.indices.map(pin) };
    const { from, step, to } = selector;
    return { kind: 'range', from: from && pin(from), step: step && pin(step), to: to && pin(to) };
  });
  return { ...place, selectors };
}

function isNamed(syntax: Expression): boolean {
  switch (syntax.kind) {
    case 'identifier':
      return true;
    case 'index':
      return isNamed(syntax.of);
    case 'parenthesized':
      return isNamed(syntax.expression);
    case 'concatenation':
      return syntax.parts.every(isNamed);
    default:
      return false;
  }
}

function complainNoRegister(context: Context, syntax: AliasDeclaration, how = ''): undefined {
  return complain(context, syntax.value, {
    code: 'type',
    message: `${syntax.name.name} would be another name for a value, and only registers and variables have other names`,
    expected: 'a register, a part of one, or several joined',
    suggestion: `declare a variable${how}`,
  });
}

/** Joined registers of bits, one after another; undefined where a part is no place. */
function partsOf(context: Context, value: Expr): BitsPlace[] | undefined {
  if (value.kind === 'join') {
    const parts = value.parts.map((part) => partsOf(context, part));
    return parts.includes(undefined) ? undefined : (parts as BitsPlace[][]).flat();
  }
  if (value.kind === 'load' && value.type.kind === 'bits')
    return [{ place: pinned(context, value.from), width: value.type.width }];
  if (value.kind === 'pick' && value.of.kind === 'join') return pickParts(context, value);
  return undefined;
}

/** `let b = a[1:2];` of a joined alias `a`: the bits that the indices pick, each by itself. */
function pickParts(context: Context, value: Expr & { kind: 'pick' }): BitsPlace[] | undefined {
  const bits = partsOf(context, value.of)?.flatMap(singleBits);
  if (bits === undefined) return undefined;
  let picked = bits;
  for (const selector of value.selectors) {
    const places = constantPlaces(selector, picked.length);
    if (places === undefined) return undefined;
    picked = places.map((at) => picked[at] as BitsPlace);
  }
  return picked;
}

function singleBits({ place, width }: BitsPlace): BitsPlace[] {
  return Array.from({ length: width }, (_, i) => {
    const index = constantOf(place, INT, BigInt(i));
    return { place: { ...place, selectors: [...place.selectors, { kind: 'index', index }] }, width: 1 };
  });
}
