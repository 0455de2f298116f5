import type { Expression, GateCall, GateModifier, Identifier, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K } from './keywords.ts';
import { parseArguments, parseOperands } from './parse-expression.ts';
import { parseOptionalDesignator } from './parse-type.ts';
import { T } from './token-kinds.ts';

/** Shared by all calls: most have none. */
export const NO_MODIFIERS: readonly GateModifier[] = [];
export const NO_ARGUMENTS: readonly Expression[] = [];

/**
 * `name(arguments)[duration] operands;` behind its modifiers. With `perhaps` it gives undefined where no operand follows
 * the arguments: then it is a call in an expression, and the caller goes back.
 */
export function parseGateCall(c: Cursor, modifiers: readonly GateModifier[], start: number): GateCall;
export function parseGateCall(
  c: Cursor,
  modifiers: readonly GateModifier[],
  start: number,
  perhaps: true,
): GateCall | undefined;
export function parseGateCall(
  c: Cursor,
  modifiers: readonly GateModifier[],
  start: number,
  perhaps = false,
): GateCall | undefined {
  const name = parseGateName(c);
  const args = c.kind === T.leftParen ? parseArguments(c) : NO_ARGUMENTS;
  if (perhaps && c.kind === T.leftBracket && !isTimed(c)) return undefined;
  const duration = parseOptionalDesignator(c);
  const operand = c.isName(c.kind) || c.kind === T.hardwareQubit;
  if (!operand && perhaps) return undefined;
  const operands = operand || name.name !== 'gphase' ? parseOperands(c) : NO_ARGUMENTS;
  c.semicolon(args.length === 0 && modifiers.length === 0 ? name : undefined);
  return gateCall(start, c.lastEnd, modifiers, name, args, duration, operands);
}

function gateCall(
  start: number,
  end: number,
  modifiers: readonly GateModifier[],
  name: Identifier,
  args: readonly Expression[],
  duration: Expression | undefined,
  operands: readonly Expression[],
): GateCall {
  return { kind: 'gate-call', start, end, modifiers, name, arguments: args, duration, operands };
}

function parseGateName(c: Cursor): Identifier {
  if (c.kind === K.gphase) return c.anyName();
  return c.identifier('the name of a gate');
}

/** True where `[...]` is followed by a qubit: the bracket is how long the gate lasts, no index. */
function isTimed(c: Cursor): boolean {
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const kind = c.peek(ahead);
    if (kind === T.end || kind === T.semicolon) return false;
    if (kind === T.leftBracket) depth++;
    if (kind === T.rightBracket && --depth === 0) {
      const after = c.peek(ahead + 1);
      return after === T.identifier || after === T.hardwareQubit;
    }
  }
}

/** `ctrl(2) @ inv @ x a, b, c;`, `gphase(t);` */
export function parseModified(c: Cursor): Statement {
  const { start } = c;
  const modifiers: GateModifier[] = [];
  while (c.kind === K.ctrl || c.kind === K.negctrl || c.kind === K.inv || c.kind === K.pow) {
    modifiers.push(parseModifier(c));
  }
  return parseGateCall(c, modifiers, start);
}

function parseModifier(c: Cursor): GateModifier {
  const { start, kind } = c;
  const modifier = c.text as GateModifier['modifier'];
  c.next();
  let argument: Expression | undefined;
  if (kind === K.pow && c.kind !== T.leftParen) c.fail("'(' and the exponent");
  if (kind !== K.inv && c.kind === T.leftParen) {
    const at = c.start;
    const list = parseArguments(c);
    argument = list[0];
    if (list.length !== 1) {
      const message = `The modifier '${modifier}' takes one argument, found ${list.length}.`;
      c.report({ start: at, end: c.lastEnd }, 'arity', message, 'one argument');
    }
  }
  c.expect(T.at, `'@' after the modifier '${modifier}'`);
  return { kind: 'gate-modifier', start, end: c.lastEnd, modifier, argument };
}
