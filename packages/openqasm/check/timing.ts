import type { Expr } from '../program/ir.ts';
import { DURATION, typeName } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Box, Delay, DurationOf, Expression } from '../syntax/ast.ts';
import { checkBlock } from './blocks.ts';
import { type Context, collect, complain, note } from './context.ts';
import { checkQubits } from './qubits.ts';
import { checkExpression } from './rules.ts';

/** A length of time in brackets: `delay[...]`, `box[...]`, `x[...] q;`. */
export function checkDuration(context: Context, syntax: Expression, what: string): Expr | undefined {
  const duration = checkExpression(context, syntax);
  if (duration === undefined) return undefined;
  if (duration.type.kind === 'duration') return refuseNegative(context, duration, what);
  return complain(context, syntax, {
    code: 'type',
    message: `${what} takes a duration, not ${typeName(duration.type)}`,
    expected: typeName(DURATION),
    suggestion: 'give a unit: 100ns',
  });
}

function refuseNegative(context: Context, duration: Expr, what: string): Expr | undefined {
  if (duration.kind !== 'constant' || (duration.value as number) >= 0) return duration;
  return complain(context, duration, {
    code: 'value',
    message: `${what} takes no negative duration`,
    expected: 'a duration of 0 or more',
  });
}

export function checkDelay(context: Context, syntax: Delay): undefined {
  note(context, 'timing', syntax);
  const duration = checkDuration(context, syntax.duration, 'A delay');
  const operands = syntax.operands.map((operand) => checkQubits(context, operand)?.qubits);
  if (duration === undefined) return;
  const qubits = operands.filter((operand) => operand !== undefined);
  if (qubits.length < operands.length) return;
  context.out.push({ kind: 'delay', duration, qubits, start: syntax.start, end: syntax.end });
}

/** The body runs as it is; how long it takes is a matter of the device (feature `timing`). */
export function checkBox(context: Context, syntax: Box): undefined {
  note(context, 'timing', syntax);
  if (syntax.duration !== undefined) checkDuration(context, syntax.duration, 'A box');
  context.out.push(...checkBlock(context, syntax.body));
}

/** `durationof({...})`: its block is checked as any other, and never runs. */
export function checkDurationOf(context: Context, syntax: DurationOf): Expr {
  note(context, 'durationof', syntax);
  collect(context, () => checkBlock(context, syntax.body));
  return deviceTime(syntax, 'durationof');
}

/** The value of a duration that no program tells. */
export function deviceTime({ start, end }: Span, name: 'durationof' | 'stretch'): Expr {
  return { kind: 'device-time', name, type: DURATION, start, end };
}
