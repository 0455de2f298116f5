import type { Expr, Place, Type } from '../program/ir.ts';
import type { Expression, Identifier, Index } from '../syntax/ast.ts';
import { constantOf } from './constants.ts';
import { type Context, complain } from './context.ts';
import { complainUndeclared, type Found, lookUp } from './names.ts';
import { pickConstant } from './pick-constant.ts';
import { checkExpression, load } from './rules.ts';
import { selectFrom } from './selectors.ts';

export type TypedPlace = { readonly place: Place; readonly type: Type };

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

/** The variable, register or part of one that a value goes to; `undefined` where nothing can, which is told. */
export function checkTarget(context: Context, syntax: Expression): TypedPlace | undefined {
  if (syntax.kind === 'identifier') return targetName(context, syntax);
  if (syntax.kind === 'parenthesized') return checkTarget(context, syntax.expression);
  if (syntax.kind === 'index') {
    const of = checkTarget(context, syntax.of);
    const picked = of && selectFrom(context, of.type, syntax, describe(syntax.of));
    if (of === undefined || picked === undefined) return undefined;
    if (!chains(of.place, of.type)) {
      return complain(context, syntax, {
        code: 'unsupported',
        message: 'An index into a slice of an array takes no value',
        expected: 'one pair of brackets',
      });
    }
    const selectors = [...of.place.selectors, ...picked.selectors];
    return { place: { ...of.place, selectors, start: syntax.start, end: syntax.end }, type: picked.type };
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
  if (meaning.kind !== 'variable' && meaning.kind !== 'place')
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
      message: `${name.name} is ${meaning.fixed === 'input' ? 'an input' : 'a readonly array'} and takes no other value`,
      expected: 'a variable',
    });
  }
  const selectors = meaning.kind === 'place' ? meaning.selectors : [];
  const place = { frame: meaning.frame, slot: meaning.slot, selectors, start: name.start, end: name.end };
  return { place, type: meaning.type };
}

function complainNoVariable(context: Context, name: Identifier, found: Found): undefined {
  if (found.meaning.kind === 'constant') {
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
