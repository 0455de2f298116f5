import type { Expr, Type, Value } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Expression } from '../syntax/ast.ts';
import { type Context, capital, complain } from './context.ts';
import { checkExpression } from './rules.ts';

export type Constant = Extract<Expr, { kind: 'constant' }>;

export function constantOf(span: Span, type: Type, value: Value): Constant {
  return { kind: 'constant', start: span.start, end: span.end, type, value };
}

/** The whole number that an expression has before the program runs; anything else is told. */
export function constantInteger(context: Context, syntax: Expression, what: string): bigint | undefined {
  const expression = checkExpression(context, syntax);
  if (expression === undefined) return undefined;
  if (expression.kind !== 'constant') {
    return complain(context, syntax, {
      code: 'constant',
      message: `${capital(what)} has to be known before the program runs`,
      expected: 'a constant whole number',
      suggestion: 'declare what it is made of as const',
    });
  }
  const { type, value } = expression;
  if (type.kind === 'int' || type.kind === 'uint') return value as bigint;
  return complain(context, syntax, {
    code: 'type',
    message: `${capital(what)} is a whole number, not a ${type.kind}`,
    expected: 'a constant whole number',
  });
}
