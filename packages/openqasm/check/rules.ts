import type { Expr, Place, Type } from '../program/ir.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Context } from './context.ts';

/**
 * The expression with its type, conversions explicit, constants folded; subroutine calls go before it as instructions.
 * undefined where it is wrong, which is told.
 */
export function checkExpression(context: Context, syntax: Expression): Expr | undefined {
  return context.rules.expression(context, syntax);
}

export function load(from: Place, type: Type): Expr {
  return { kind: 'load', from, type, start: from.start, end: from.end };
}

/** A number as it is written: with a sign or in parentheses, but nothing else. */
export function isLiteral(syntax: Expression): boolean {
  if (syntax.kind === 'unary' && syntax.operator === '-') return isLiteral(syntax.operand);
  return syntax.kind === 'parenthesized' ? isLiteral(syntax.expression) : syntax.kind === 'integer';
}
