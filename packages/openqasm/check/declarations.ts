import type { Expr, Type } from '../program/ir.ts';
import { typeName } from '../program/values/types.ts';
import type { ClassicalDeclaration, MeasureExpression, QuantumDeclaration } from '../syntax/ast.ts';
import { addSlot, type Context, complain, exceed, frameKind, note } from './context.ts';
import { convert } from './conversions.ts';
import { checkArrayLiteral } from './expressions.ts';
import { checkMeasured } from './measurements.ts';
import { define, poison } from './names.ts';
import { addQubits, checkQubits } from './qubits.ts';
import { checkExpression } from './rules.ts';
import type { FrameKind } from './symbols.ts';
import { positiveSize, resolveType } from './types.ts';

/** `qubit[4] q;`, `qreg q[4];`: at the top of the program only. */
export function checkQuantumDeclaration(context: Context, syntax: QuantumDeclaration): undefined {
  const size = syntax.size === undefined ? 1 : positiveSize(context, syntax.size, 'a register');
  if (!isAtTop(context)) {
    complain(context, syntax, {
      code: 'scope',
      message: `Qubits are declared at the top of the program, not inside of a block`,
      expected: 'a declaration outside of all blocks',
    });
    return poison(context, syntax.name);
  }
  if (size === undefined) return poison(context, syntax.name);
  const type = { kind: 'qubits', size, lone: syntax.size === undefined } as const;
  const first = context.qubitCount;
  const slot = addQubits(context, syntax, syntax.name.name, type);
  const known = { first, step: 1, size };
  define(context, syntax.name, {
    kind: 'qubits',
    type,
    frame: 'global',
    slot,
    static: known,
    elements: new Map(),
  });
}

export function checkClassicalDeclaration(context: Context, syntax: ClassicalDeclaration): undefined {
  const type = resolveType(context, syntax.type);
  if (syntax.modifier === 'input' || syntax.modifier === 'output') atTop(context, syntax);
  if (type === undefined) {
    checkValueOnly(context, syntax);
    return poison(context, syntax.name);
  }
  if (type.kind === 'array' && !isAtTop(context)) {
    complain(context, syntax.type, {
      code: 'scope',
      message: 'Arrays are declared at the top of the program, not inside of a block',
      expected: 'a declaration outside of all blocks',
    });
    return poison(context, syntax.name);
  }
  const isStretch = syntax.type.kind !== 'array-type' && syntax.type.name === 'stretch';
  if (isStretch && syntax.modifier === undefined && syntax.value === undefined)
    return define(context, syntax.name, { kind: 'device-constant', name: 'stretch' });
  if (syntax.modifier === 'const') return declareConstant(context, syntax, type);
  if (syntax.modifier === 'input') return declareInput(context, syntax, type);
  declareVariable(context, syntax, type);
}

/** What is wrong in the value is told although the type is wrong too. */
function checkValueOnly(context: Context, syntax: ClassicalDeclaration): undefined {
  const { value } = syntax;
  if (value === undefined || value.kind === 'array-literal') return;
  if (value.kind === 'measure-expression') checkQubits(context, value.operand);
  else checkExpression(context, value);
}

function isAtTop(context: Context): boolean {
  return context.frame.kind === 'program' && context.scope.parent === undefined;
}

function atTop(context: Context, syntax: ClassicalDeclaration): undefined {
  if (isAtTop(context)) return;
  complain(context, syntax, {
    code: 'scope',
    message: `${syntax.modifier} variables are declared at the top of the program`,
    expected: 'a declaration outside of all blocks',
  });
}

function declareConstant(context: Context, syntax: ClassicalDeclaration, type: Type): undefined {
  if (syntax.value === undefined || syntax.value.kind === 'measure-expression') {
    complain(context, syntax, {
      code: 'constant',
      message: `The constant ${syntax.name.name} has no value that is known before the program runs`,
      expected: 'a constant value',
    });
    return poison(context, syntax.name);
  }
  const value = initialValue(context, syntax.value, type);
  if (value === undefined) return poison(context, syntax.name);
  if (hangsOnDevice(value))
    return define(context, syntax.name, { kind: 'device-constant', name: 'durationof' });
  if (value.kind !== 'constant') {
    complain(context, syntax.value, {
      code: 'constant',
      message: `The value of ${syntax.name.name} is not known before the program runs`,
      expected: 'a constant value',
      suggestion: 'declare it without const',
    });
    return poison(context, syntax.name);
  }
  define(context, syntax.name, { kind: 'constant', type, value: value.value });
}

/** Whether `durationof` or a stretch is in it: a constant, but one that only a device knows. */
function hangsOnDevice(value: Expr): boolean {
  switch (value.kind) {
    case 'device-time':
      return true;
    case 'unary':
      return hangsOnDevice(value.operand);
    case 'binary':
      return hangsOnDevice(value.left) || hangsOnDevice(value.right);
    default:
      return false;
  }
}

function initialValue(
  context: Context,
  syntax: Exclude<ClassicalDeclaration['value'], undefined | MeasureExpression>,
  type: Type,
): Expr | undefined {
  if (syntax.kind === 'array-literal') {
    if (type.kind === 'array') return checkArrayLiteral(context, syntax, type);
    return complain(context, syntax, {
      code: 'type',
      message: `A list of values does not become ${typeName(type)}`,
      expected: typeName(type),
    });
  }
  const value = checkExpression(context, syntax);
  return value && convert(context, value, type, 'implicit', syntax);
}

function declareInput(context: Context, syntax: ClassicalDeclaration, type: Type): undefined {
  note(context, 'input', syntax);
  countBits(context, syntax, type);
  const slot = addSlot(context, syntax.name.name, type);
  context.inputs.push({ name: syntax.name.name, slot, type, start: syntax.start, end: syntax.end });
  define(context, syntax.name, { kind: 'variable', type, frame: 'global', slot, fixed: 'an input' });
}

function declareVariable(context: Context, syntax: ClassicalDeclaration, type: Type): undefined {
  if (type.kind === 'complex' || (type.kind === 'array' && type.element.kind === 'complex')) {
    note(context, 'complex', syntax);
  }
  countBits(context, syntax, type);
  const span = { start: syntax.start, end: syntax.end };
  const frame = frameKind(context);
  const value = syntax.value;
  let initial: Expr | undefined;
  if (value?.kind === 'measure-expression') initial = checkMeasured(context, value, type);
  else if (value !== undefined) initial = initialValue(context, value, type);
  const slot = declareSlot(context, syntax, type, frame);
  if (value === undefined || initial !== undefined) {
    context.out.push({ kind: 'declare', frame, slot, value: initial, ...span });
  }
}

/** The variable is there for what follows even where its value is wrong: that was told. */
function declareSlot(context: Context, syntax: ClassicalDeclaration, type: Type, frame: FrameKind): number {
  const slot = addSlot(context, syntax.name.name, type);
  if (isAtTop(context) && type.kind === 'bits')
    context.registers.push({ name: syntax.name.name, size: type.width, slot });
  define(context, syntax.name, { kind: 'variable', type, frame, slot, fixed: undefined });
  return slot;
}

function countBits(context: Context, syntax: ClassicalDeclaration, type: Type): undefined {
  if (type.kind === 'bits') context.bitCount += type.width;
  else if (type.kind === 'array') {
    const each = type.element.kind === 'bits' ? type.element.width : 1;
    context.bitCount += type.sizes.reduce<number>((product, size) => product * (size ?? 1), each);
  }
  if (context.bitCount <= context.limits.bits) return;
  exceed(
    context,
    syntax,
    `The program has more bits and elements than the limit of ${context.limits.bits}`,
    `at most ${context.limits.bits} bits and elements together`,
  );
}
