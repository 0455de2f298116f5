import { typeName } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Assignment, ExpressionStatement, Return, Statement } from '../syntax/ast.ts';
import { checkAlias } from './aliases.ts';
import { checkBlock } from './blocks.ts';
import { checkCallStatement } from './calls.ts';
import { type Context, complain, note, step } from './context.ts';
import { checkFor, checkIf, checkSwitch, checkWhile } from './control-flow.ts';
import { convert } from './conversions.ts';
import { checkClassicalDeclaration, checkQuantumDeclaration } from './declarations.ts';
import { checkExtern, checkGateDefinition, checkOpaque, checkSubroutineDefinition } from './definitions.ts';
import { checkGateCall } from './gate-calls.ts';
import { checkMeasured, checkMeasurement, checkOutcome, measureInto } from './measurements.ts';
import { binary } from './operators.ts';
import { checkTarget } from './places.ts';
import { checkQubits } from './qubits.ts';
import { checkExpression, isLiteral, load } from './rules.ts';
import type { QubitOperand } from './symbols.ts';
import { checkBox, checkDelay } from './timing.ts';

/** Statements that a gate may hold: what can be undone, and classical control flow around it. */
const IN_GATES: ReadonlySet<Statement['kind']> = new Set([
  'gate-call',
  'barrier',
  'delay',
  'if',
  'for',
  'while',
  'switch',
  'break',
  'continue',
  'scope',
  'box',
  'nop',
  'pragma',
  'measurement',
  'gate-definition',
  'subroutine-definition',
  'quantum-declaration',
]);

/** Checks one statement: its instructions go to the block, what is wrong to the findings. */
export function checkStatement(context: Context, statement: Statement): undefined {
  step(context, statement);
  if (context.frame.kind === 'gate' && !IN_GATES.has(statement.kind)) {
    complain(context, statement, {
      code: 'scope',
      message: `A ${statement.kind.replaceAll('-', ' ')} does not stand in a gate`,
      expected: 'gates, barriers and loops over them',
      suggestion: statement.kind === 'reset' ? 'write a subroutine: def' : undefined,
    });
    return;
  }
  checkKnown(context, statement);
}

function checkKnown(context: Context, statement: Statement): undefined {
  switch (statement.kind) {
    case 'gate-call':
      return checkGateCall(context, statement);
    case 'measurement':
      return checkMeasurement(context, statement);
    case 'assignment':
      return checkAssignment(context, statement);
    case 'quantum-declaration':
      return checkQuantumDeclaration(context, statement);
    case 'classical-declaration':
      return checkClassicalDeclaration(context, statement);
    case 'alias-declaration':
      return checkAlias(context, statement);
    case 'gate-definition':
      return checkGateDefinition(context, statement);
    case 'subroutine-definition':
      return checkSubroutineDefinition(context, statement);
    case 'opaque':
      return checkOpaque(context, statement);
    case 'extern':
      return checkExtern(context, statement);
    case 'if':
      return checkIf(context, statement);
    case 'for':
      return checkFor(context, statement);
    case 'while':
      return checkWhile(context, statement);
    case 'switch':
      return checkSwitch(context, statement);
    case 'reset': {
      const operand = checkQubits(context, statement.operand);
      if (operand) context.out.push({ kind: 'reset', qubits: operand.qubits, ...spanOf(statement) });
      return;
    }
    case 'barrier': {
      const operands = checkOperands(context, statement.operands);
      if (operands)
        context.out.push({
          kind: 'barrier',
          qubits: operands.map((each) => each.qubits),
          ...spanOf(statement),
        });
      return;
    }
    case 'break':
    case 'continue':
      return checkJump(context, statement);
    case 'end':
      context.out.push({ kind: 'end', ...spanOf(statement) });
      return;
    case 'return':
      return checkReturn(context, statement);
    default:
      return checkRare(context, statement);
  }
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function checkRare(context: Context, statement: Statement): undefined {
  switch (statement.kind) {
    case 'include':
      if (statement.path === 'qelib1.inc') context.libraries.add('qelib1');
      if (statement.path === 'stdgates.inc') context.libraries.add('stdgates');
      return;
    case 'delay':
      return checkDelay(context, statement);
    case 'box':
      return checkBox(context, statement);
    case 'nop':
      checkOperands(context, statement.operands);
      return;
    case 'scope':
      context.out.push(...checkBlock(context, statement.body));
      return;
    case 'expression-statement':
      return checkExpressionStatement(context, statement);
    case 'calibration-grammar':
      return requireTop(context, statement);
    case 'defcal':
      requireTop(context, statement);
      return note(context, 'pulse', statement);
    case 'cal':
      return note(context, 'pulse', statement);
    default:
      return;
  }
}

function requireTop(context: Context, statement: Statement): undefined {
  if (context.frame.kind === 'program' && context.scope.parent === undefined) return;
  complain(context, statement, {
    code: 'scope',
    message: 'Calibrations are defined at the top of the program, not inside of a block',
    expected: 'a definition outside of all blocks',
  });
}

function checkOperands(
  context: Context,
  syntax: readonly Parameters<typeof checkQubits>[1][],
): QubitOperand[] | undefined {
  const operands = syntax.map((operand) => checkQubits(context, operand));
  return operands.includes(undefined) ? undefined : (operands as QubitOperand[]);
}

function checkAssignment(context: Context, syntax: Assignment): undefined {
  const { value: given } = syntax;
  if (given.kind === 'measure-expression' && syntax.operator === '=')
    return measureInto(context, given, syntax.target);
  const target = checkTarget(context, syntax.target);
  const value =
    given.kind === 'measure-expression' ? checkOutcome(context, given) : checkExpression(context, given);
  if (target === undefined || value === undefined) return;
  context.out.push(...target.before);
  const operator = syntax.operator.slice(0, -1);
  const result =
    operator === '' || operator === '~'
      ? value
      : binary(
          context,
          syntax,
          operator as Parameters<typeof binary>[2],
          { expression: load(target.place, target.type), literal: false },
          { expression: value, literal: given.kind !== 'measure-expression' && isLiteral(given) },
        );
  const converted = result && convert(context, result, target.type, 'implicit', syntax.value);
  if (converted === undefined) return;
  context.out.push({
    kind: 'assign',
    to: target.place,
    value: converted,
    start: syntax.start,
    end: syntax.end,
  });
  context.out.push(...target.after);
}

function checkJump(context: Context, statement: Statement & { kind: 'break' | 'continue' }): undefined {
  if (context.frame.loops > 0) {
    context.out.push({ kind: statement.kind, start: statement.start, end: statement.end });
    return;
  }
  complain(context, statement, {
    code: 'scope',
    message: `${statement.kind} outside of a loop`,
    expected: 'a for or while loop around it',
  });
}

function checkReturn(context: Context, syntax: Return): undefined {
  const { returns, kind } = context.frame;
  if (kind !== 'subroutine') {
    complain(context, syntax, {
      code: 'scope',
      message: 'return outside of a subroutine',
      expected: 'a subroutine around it',
      suggestion: kind === 'program' ? 'end the program with: end;' : undefined,
    });
    return;
  }
  if (returns === undefined || syntax.value === undefined) {
    if (returns === undefined && syntax.value === undefined) {
      context.out.push({ kind: 'return', value: undefined, start: syntax.start, end: syntax.end });
      return;
    }
    complain(context, syntax, {
      code: 'type',
      message: returns ? `this return has no value` : `${context.frame.name} returns no value`,
      expected: returns ? typeName(returns) : 'return;',
    });
    return;
  }
  const value =
    syntax.value.kind === 'measure-expression'
      ? checkMeasured(context, syntax.value, returns)
      : checkExpression(context, syntax.value);
  const converted = value && convert(context, value, returns, 'implicit', syntax.value);
  if (converted) context.out.push({ kind: 'return', value: converted, start: syntax.start, end: syntax.end });
}

function checkExpressionStatement(context: Context, syntax: ExpressionStatement): undefined {
  if (syntax.expression.kind === 'call') checkCallStatement(context, syntax.expression);
  else checkExpression(context, syntax.expression);
}
