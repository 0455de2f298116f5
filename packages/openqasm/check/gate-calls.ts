import type { Expr, GateReference, Instruction, Modifier } from '../program/ir.ts';
import { FLOAT, INT, typeName } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Expression, GateCall, GateModifier } from '../syntax/ast.ts';
import { constantInteger, constantOf } from './constants.ts';
import { type Context, complain, exceed, note } from './context.ts';
import { convert } from './conversions.ts';
import { complainUnknownGate, lookUpGate } from './names.ts';
import { checkQubits, qubitName } from './qubits.ts';
import { checkExpression } from './rules.ts';
import { findClash } from './static-qubits.ts';
import type { QubitOperand } from './symbols.ts';
import { checkDuration } from './timing.ts';

type Signature = { readonly gate: GateReference; readonly parameters: number; readonly qubits: number };

/** `ctrl @ x q[0], q[1];`: everything that is wrong with it is told, also where its gate is unknown. */
export function checkGateCall(context: Context, syntax: GateCall): undefined {
  const signature = findGate(context, syntax);
  const modifiers = checkModifiers(context, syntax.modifiers);
  const parameters = checkParameters(context, syntax.arguments);
  const operands = syntax.operands.map((operand) => checkOperand(context, operand));
  if (syntax.duration !== undefined) {
    note(context, 'gate-duration', syntax.duration);
    checkDuration(context, syntax.duration, 'A gate');
  }
  if (signature === undefined || modifiers === undefined) return;
  const controls = modifiers === NONE ? 0 : countControls(modifiers);
  const rightArity = checkArity(context, syntax, signature, controls);
  if (!rightArity || operands.includes(undefined) || parameters === undefined) return;
  const known = operands as QubitOperand[];
  if (!checkBroadcast(context, syntax, known) || !checkClashes(context, syntax, known)) return;
  const instruction: Instruction = {
    kind: 'gate',
    gate: signature.gate,
    modifiers,
    parameters,
    operands: known.length === 1 ? (known[0] as QubitOperand).list : known.map((operand) => operand.qubits),
    start: syntax.start,
    end: syntax.end,
  };
  context.out.push(instruction);
}

function countControls(modifiers: readonly Modifier[]): number {
  return modifiers.reduce((sum, each) => sum + ('count' in each ? each.count : 0), 0);
}

/** References of standard gates, shared by all their uses: flat programs have millions. */
const standardSignatures = new Map<string, Signature>();

function findGate(context: Context, syntax: GateCall): Signature | undefined {
  const { name } = syntax;
  const meaning = lookUpGate(context, name.name);
  switch (meaning?.kind) {
    case 'standard-gate': {
      if (name.name === 'gphase') note(context, 'global-phase', syntax);
      let signature = standardSignatures.get(name.name);
      if (signature === undefined) {
        const { gate } = meaning;
        signature = {
          gate: { kind: 'standard', name: gate.name },
          parameters: gate.parameters.length,
          qubits: gate.qubits,
        };
        standardSignatures.set(name.name, signature);
      }
      return signature;
    }
    case 'gate':
      if (meaning.index < 0) {
        return complain(context, name, {
          code: 'recursion',
          message: `The gate ${name.name} calls itself`,
          expected: 'a gate that is defined before',
        });
      }
      return {
        gate: { kind: 'defined', gate: meaning.index },
        parameters: meaning.parameters,
        qubits: meaning.qubits,
      };
    case 'poison':
      return undefined;
    case 'opaque':
      note(context, 'opaque', syntax);
      return {
        gate: { kind: 'opaque', name: name.name },
        parameters: meaning.parameters,
        qubits: meaning.qubits,
      };
    case undefined:
      return complainUnknownGate(context, name);
    default:
      return complain(context, name, {
        code: 'type',
        message: `${name.name} is no gate`,
        expected: 'a gate',
        suggestion: meaning?.kind === 'subroutine' ? `call the subroutine: ${name.name}(...);` : undefined,
      });
  }
}

function checkModifiers(context: Context, syntax: readonly GateModifier[]): readonly Modifier[] | undefined {
  if (syntax.length === 0) return NONE;
  note(context, 'modifier', syntax[0] as GateModifier);
  const modifiers = syntax.map((each) => checkModifier(context, each));
  return modifiers.includes(undefined) ? undefined : (modifiers as Modifier[]);
}

const NONE: readonly never[] = [];

function checkModifier(context: Context, syntax: GateModifier): Modifier | undefined {
  switch (syntax.modifier) {
    case 'inv':
      return { kind: 'inv' };
    case 'pow': {
      const exponent = syntax.argument && checkExponent(context, syntax.argument);
      if (exponent === undefined) return undefined;
      if (['int', 'uint', 'float'].includes(exponent.type.kind)) return { kind: 'pow', exponent };
      return complain(context, exponent, {
        code: 'type',
        message: `A gate is not raised to a power of type ${typeName(exponent.type)}`,
        expected: 'a number',
      });
    }
    case 'ctrl':
    case 'negctrl': {
      const count = syntax.argument ? constantInteger(context, syntax.argument, 'a number of controls') : 1n;
      if (count === undefined) return undefined;
      if (count < 1n) {
        return complain(context, syntax, {
          code: 'value',
          message: `${count} controls`,
          expected: 'at least 1 control',
        });
      }
      if (count > BigInt(context.limits.qubits)) {
        exceed(
          context,
          syntax,
          'More controls than the limit of qubits',
          `at most ${context.limits.qubits} qubits`,
        );
      }
      return { kind: syntax.modifier, count: Number(count) };
    }
  }
}

/** The specification's own `sx` is `pow(1/2) @ x`: a half, not the whole quotient 0. What comes out whole stays a whole number. */
function checkExponent(context: Context, syntax: Expression): Expr | undefined {
  const before = context.reals;
  context.reals = true;
  const exponent = checkExpression(context, syntax);
  context.reals = before;
  const isWhole =
    exponent?.kind === 'constant' && exponent.type.kind === 'float' && Number.isSafeInteger(exponent.value);
  return isWhole ? constantOf(exponent, INT, BigInt(exponent.value as number)) : exponent;
}

/** Angles of a gate, as floats in radians. */
function checkParameters(context: Context, syntax: readonly Expression[]): readonly Expr[] | undefined {
  if (syntax.length === 0) return NONE;
  const before = context.reals;
  context.reals = context.version === 2;
  const parameters = syntax.map((each) => {
    const value = checkExpression(context, each);
    // The commonest by far: sameness of types costs a call for each parameter.
    if (value === undefined || value.type === FLOAT) return value;
    return convert(context, value, FLOAT, value.type.kind === 'angle' ? 'cast' : 'implicit', each);
  });
  context.reals = before;
  return parameters.includes(undefined) ? undefined : (parameters as Expr[]);
}

/** A gate's body names its qubits; elsewhere registers are broadcast. */
function checkOperand(context: Context, syntax: Expression): QubitOperand | undefined {
  if (context.frame.kind === 'gate' && syntax.kind === 'index') {
    return complain(context, syntax, {
      code: 'type',
      message: 'The qubits of a gate are single and have no elements',
      expected: 'a qubit of the gate',
    });
  }
  return checkQubits(context, syntax);
}

function checkArity(context: Context, syntax: GateCall, signature: Signature, controls: number): boolean {
  const { name } = syntax.name;
  const qubits = signature.qubits + controls;
  if (syntax.arguments.length !== signature.parameters) {
    complain(context, syntax.name, {
      code: 'arity',
      message: `${name} takes ${count(signature.parameters, 'parameter')}, not ${syntax.arguments.length}`,
      expected: count(signature.parameters, 'parameter'),
    });
    return false;
  }
  if (syntax.operands.length === qubits) return true;
  complain(context, syntax.name, {
    code: 'arity',
    message: `${name} takes ${count(qubits, 'qubit')}${controls > 0 ? ' with its controls' : ''}, not ${syntax.operands.length}`,
    expected: count(qubits, 'qubit'),
  });
  return false;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function checkBroadcast(context: Context, syntax: GateCall, operands: readonly QubitOperand[]): boolean {
  let size: number | undefined;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i] as QubitOperand;
    if (operand.lone || operand.size === undefined) continue;
    size ??= operand.size;
    if (operand.size === size) continue;
    complain(context, syntax.operands[i] as Expression, {
      code: 'size',
      message: `Registers of ${size} and ${operand.size} qubits do not fit together`,
      expected: `a register of ${size} qubits, or one qubit`,
    });
    return false;
  }
  return true;
}

function checkClashes(context: Context, syntax: GateCall, operands: readonly QubitOperand[]): boolean {
  for (let i = 1; i < operands.length; i++) {
    const operand = operands[i] as QubitOperand;
    for (let j = 0; j < i; j++) {
      const before = operands[j] as QubitOperand;
      const clash = clashOf(before, operand);
      if (clash === undefined) continue;
      return complainTwice(context, syntax.operands[i] as Expression, syntax.name.name, clash);
    }
  }
  return true;
}

function clashOf(a: QubitOperand, b: QubitOperand): number | undefined {
  if (a.static !== undefined && b.static !== undefined)
    return findClash(a.static, b.static, [a.lone, b.lone]);
  if (a.qubits.kind !== 'qubits' || b.qubits.kind !== 'qubits') return undefined;
  const [x, y] = [a.qubits.place, b.qubits.place];
  // Qubits of a gate or subroutine: which they are nobody knows yet, but one name is one qubit.
  const same =
    x.frame === y.frame && x.slot === y.slot && x.selectors.length === 0 && y.selectors.length === 0;
  return same ? -1 : undefined;
}

function complainTwice(context: Context, span: Span, gate: string, qubit: number): false {
  complain(context, span, {
    code: 'same-qubit',
    message: `${gate} gets ${qubit < 0 ? 'one qubit' : qubitName(context, qubit)} twice`,
    expected: 'different qubits',
  });
  return false;
}
