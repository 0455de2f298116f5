import type { Expr, Place, Type } from '../program/ir.ts';
import { LONE_BIT, typeName } from '../program/values/types.ts';
import type { Expression, MeasureExpression, Measurement } from '../syntax/ast.ts';
import { addSlot, type Context, complain, frameKind } from './context.ts';
import { convert } from './conversions.ts';
import { checkTarget, type TypedPlace } from './places.ts';
import { checkQubits } from './qubits.ts';
import { load } from './rules.ts';
import type { QubitOperand } from './symbols.ts';

/** `measure q -> c;` and `measure q;`. */
export function checkMeasurement(context: Context, syntax: Measurement): undefined {
  if (syntax.target !== undefined) return measureInto(context, syntax.measure, syntax.target);
  const operand = measured(context, syntax.measure);
  if (operand === undefined) return;
  context.out.push({
    kind: 'measure',
    qubits: operand.qubits,
    to: undefined,
    start: syntax.start,
    end: syntax.end,
  });
}

/** `c = measure q;`, whatever the type of `c`. */
export function measureInto(context: Context, syntax: MeasureExpression, target: Expression): undefined {
  const to = checkTarget(context, target);
  const operand = measured(context, syntax);
  if (to === undefined || operand === undefined) return;
  context.out.push(...to.before);
  if (to.type.kind === 'bits') {
    if (checkSizes(context, syntax, operand, to)) emit(context, syntax, operand, to.place);
  } else {
    const outcome = outcomeOf(context, syntax, operand);
    const value = outcome && convert(context, outcome, to.type, 'implicit', syntax);
    if (value === undefined) return;
    context.out.push({ kind: 'assign', to: to.place, value, start: syntax.start, end: syntax.end });
  }
  context.out.push(...to.after);
}

/** The outcome as a value of the type: measured into a slot of its own first. */
export function checkMeasured(context: Context, syntax: MeasureExpression, type: Type): Expr | undefined {
  const outcome = checkOutcome(context, syntax);
  return outcome && convert(context, outcome, type, 'implicit', syntax);
}

/** The outcome as bits. */
export function checkOutcome(context: Context, syntax: MeasureExpression): Expr | undefined {
  const operand = measured(context, syntax);
  return operand && outcomeOf(context, syntax, operand);
}

function outcomeOf(context: Context, syntax: MeasureExpression, operand: QubitOperand): Expr | undefined {
  if (operand.size === undefined) {
    return complain(context, syntax.operand, {
      code: 'constant',
      message: 'How many qubits are measured is not known before the program runs',
      expected: 'a slice with constant ends',
    });
  }
  const bits: Type = operand.lone ? LONE_BIT : { kind: 'bits', width: operand.size, lone: false };
  const place: Place = {
    frame: frameKind(context),
    slot: addSlot(context, '', bits),
    selectors: [],
    start: syntax.start,
    end: syntax.end,
  };
  emit(context, syntax, operand, place);
  return load(place, bits);
}

function measured(context: Context, syntax: MeasureExpression): QubitOperand | undefined {
  if (context.frame.kind === 'gate') {
    return complain(context, syntax, {
      code: 'scope',
      message: 'A gate does not measure: it is reversible',
      expected: 'gates only',
      suggestion: 'write a subroutine: def',
    });
  }
  return checkQubits(context, syntax.operand);
}

function checkSizes(
  context: Context,
  syntax: MeasureExpression,
  operand: QubitOperand,
  to: TypedPlace,
): boolean {
  const width = to.type.kind === 'bits' ? to.type.width : 0;
  // OpenQASM 2 measures a qubit into a bit or a register into a register, not one into the other.
  if (context.version === 2 && to.type.kind === 'bits' && operand.lone !== to.type.lone) {
    complain(context, syntax, {
      code: 'size',
      message: operand.lone
        ? 'A qubit is not measured into a register'
        : 'A register is not measured into a bit',
      expected: 'a qubit into a bit, or a register into a register',
    });
    return false;
  }
  if (operand.size === undefined || operand.size === width) return true;
  complain(context, syntax, {
    code: 'size',
    message: `${operand.size} qubit${operand.size === 1 ? '' : 's'} measured into ${typeName(to.type)}`,
    expected: `${operand.size} bit${operand.size === 1 ? '' : 's'} for ${operand.size} qubit${operand.size === 1 ? '' : 's'}`,
  });
  return false;
}

function emit(context: Context, syntax: MeasureExpression, operand: QubitOperand, to: Place): undefined {
  context.out.push({ kind: 'measure', qubits: operand.qubits, to, start: syntax.start, end: syntax.end });
}
