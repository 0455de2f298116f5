import type { Expr, Instruction, Place, Type } from '../program/ir.ts';
import { INT } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Expression, Identifier, Index } from '../syntax/ast.ts';
import { constantOf } from './constants.ts';
import { addSlot, type Context, complain, frameKind } from './context.ts';
import { complainUndeclared, type Found, lookUp } from './names.ts';
import { pickConstant } from './pick-constant.ts';
import { checkExpression, load } from './rules.ts';
import { selectFrom } from './selectors.ts';
import type { Meaning } from './symbols.ts';

type JoinedPlaces = Extract<Meaning, { kind: 'joined-places' }>;

/**
 * Where a value goes. Some places are no single place of the machine: the bits of a joined alias, an element of a slice of an array.
 * Their value is taken into a variable of its own (`before`), changed there, and put back (`after`).
 */
export type TypedPlace = {
  readonly place: Place;
  readonly type: Type;
  readonly before: readonly Instruction[];
  readonly after: readonly Instruction[];
};

/** `x[...]`, `x[...][...]`, `"0110"[1]` as a value. */
export function checkIndexing(context: Context, syntax: Index): Expr | undefined {
  const of = checkExpression(context, syntax.of);
  if (of === undefined) return undefined;
  const picked = selectFrom(context, of.type, syntax, describe(syntax.of));
  if (picked === undefined) return undefined;
  if (of.kind === 'load' && chains(of.from, of.type)) {
    const selectors = [...of.from.selectors, ...picked.selectors];
    return load({ ...of.from, selectors, end: syntax.end }, picked.type);
  }
  if (of.kind === 'constant') {
    const value = pickConstant(of.value, of.type, picked.selectors, picked.type);
    if (value !== undefined) return constantOf(syntax, picked.type, value);
  }
  return {
    kind: 'pick',
    of,
    selectors: picked.selectors,
    type: picked.type,
    start: syntax.start,
    end: syntax.end,
  };
}

/** Whether more selectors may follow in the same place: not where an array was sliced, whose next dimension they would mean. */
function chains(place: Place, type: Type): boolean {
  return type.kind === 'bits' || place.selectors.every((selector) => selector.kind === 'index');
}

/** A variable of its own that holds what stands at the place, and brings it back. */
function throughCopy(context: Context, of: TypedPlace): TypedPlace {
  const copy = copyPlace(context, of.place, of.type);
  const { start, end } = of.place;
  return {
    place: copy,
    type: of.type,
    before: [...of.before, { kind: 'assign', to: copy, value: load(of.place, of.type), start, end }],
    after: [{ kind: 'assign', to: of.place, value: load(copy, of.type), start, end }, ...of.after],
  };
}

function copyPlace(context: Context, { start, end }: Span, type: Type): Place {
  return { frame: frameKind(context), slot: addSlot(context, '', type), selectors: [], start, end };
}

/** The same for the bits of a joined alias: taken together, and brought back part by part. */
function joinedTarget(context: Context, name: Identifier, meaning: JoinedPlaces): TypedPlace {
  const value = joinedValue(name, meaning);
  const copy = copyPlace(context, name, value.type);
  const { start, end } = name;
  let first = 0;
  const after = meaning.parts.map(({ place, width }): Instruction => {
    const indices = Array.from({ length: width }, (_, i) => constantOf(name, INT, BigInt(first + i)));
    first += width;
    const type: Type = { kind: 'bits', width, lone: false };
    const part = load({ ...copy, selectors: [{ kind: 'set', indices }] }, type);
    return { kind: 'assign', to: place, value: part, start, end };
  });
  return {
    place: copy,
    type: value.type,
    before: [{ kind: 'assign', to: copy, value, start, end }],
    after,
  };
}

/** What stands in the registers of a joined alias. */
export function joinedValue({ start, end }: Span, { parts, width: all }: JoinedPlaces): Expr {
  const values = parts.map(({ place, width }) => load(place, { kind: 'bits', width, lone: false }));
  return { kind: 'join', parts: values, type: { kind: 'bits', width: all, lone: false }, start, end };
}

/** The variable, register or part of one that a value goes to; `undefined` where nothing can, which is told. */
export function checkTarget(context: Context, syntax: Expression): TypedPlace | undefined {
  if (syntax.kind === 'identifier') return targetName(context, syntax);
  if (syntax.kind === 'parenthesized') return checkTarget(context, syntax.expression);
  if (syntax.kind === 'index') {
    const of = checkTarget(context, syntax.of);
    const picked = of && selectFrom(context, of.type, syntax, describe(syntax.of));
    if (of === undefined || picked === undefined) return undefined;
    const base = chains(of.place, of.type) ? of : throughCopy(context, of);
    const selectors = [...base.place.selectors, ...picked.selectors];
    const place = { ...base.place, selectors, start: syntax.start, end: syntax.end };
    return { ...base, place, type: picked.type };
  }
  return complain(context, syntax, {
    code: 'type',
    message: 'A value cannot go here',
    expected: 'a variable or a part of one',
  });
}

function targetName(context: Context, name: Identifier): TypedPlace | undefined {
  const found = lookUp(context, name.name);
  if (found === undefined) return complainUndeclared(context, name);
  const { meaning } = found;
  if (meaning.kind === 'poison') return undefined;
  if (meaning.kind !== 'variable' && meaning.kind !== 'place' && meaning.kind !== 'joined-places')
    return complainNoVariable(context, name, found);
  if (found.wall !== undefined) {
    return complain(context, name, {
      code: 'constant',
      message: `${name.name} is constant inside of this ${found.wall}`,
      expected: 'a variable that is declared in it',
      suggestion: found.wall === 'subroutine' ? 'return the new value' : undefined,
    });
  }
  if (meaning.kind === 'variable' && meaning.fixed !== undefined) {
    return complain(context, name, {
      code: 'constant',
      message: `${name.name} is ${meaning.fixed} and takes no other value`,
      expected: 'a variable',
    });
  }
  if (meaning.kind === 'joined-places') return joinedTarget(context, name, meaning);
  const selectors = meaning.kind === 'place' ? meaning.selectors : [];
  const place = { frame: meaning.frame, slot: meaning.slot, selectors, start: name.start, end: name.end };
  return { place, type: meaning.type, before: [], after: [] };
}

function complainNoVariable(context: Context, name: Identifier, found: Found): undefined {
  if (found.meaning.kind === 'constant' || found.meaning.kind === 'device-constant') {
    return complain(context, name, {
      code: 'constant',
      message: `${name.name} is a constant and takes no other value`,
      expected: 'a variable',
      suggestion: 'declare it without const',
    });
  }
  return complain(context, name, {
    code: 'type',
    message: `${name.name} is ${found.meaning.kind === 'qubits' ? 'a qubit' : 'no variable'} and takes no value`,
    expected: 'a classical variable',
  });
}

/** A short name of the indexed thing for messages. */
export function describe(syntax: Expression): string {
  if (syntax.kind === 'identifier') return syntax.name;
  if (syntax.kind === 'index' || syntax.kind === 'parenthesized') {
    return describe(syntax.kind === 'index' ? syntax.of : syntax.expression);
  }
  return 'this value';
}
