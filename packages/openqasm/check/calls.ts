import type { Argument, Expr, Instruction, Place, Type } from '../program/ir.ts';
import { sameType, typeName } from '../program/values/types.ts';
import { suggest } from '../source/suggest.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { checkBuiltin, isBuiltin } from './builtin-calls.ts';
import { addSlot, type Context, complain, frameKind, note } from './context.ts';
import { convert } from './conversions.ts';
import { lookUp, namesInScope, standardGate } from './names.ts';
import { checkTarget } from './places.ts';
import { checkQubits } from './qubits.ts';
import { checkExpression, load } from './rules.ts';
import { findShared, type StaticQubits } from './static-qubits.ts';
import type { CallableMeaning, Parameter } from './symbols.ts';

/** A call in an expression: a built-in function, or a subroutine whose call goes before and whose value is loaded here. */
export function checkCall(context: Context, syntax: Call): Expr | undefined {
  const called = findSubroutine(context, syntax);
  if (called === 'builtin') return checkBuiltin(context, syntax);
  if (called === undefined) return undefined;
  if (called.returns === undefined) {
    return complain(context, syntax, {
      code: 'type',
      message: `${called.name} returns no value`,
      expected: 'a subroutine with a return type',
    });
  }
  const given = checkArguments(context, syntax, called);
  if (given === undefined) return undefined;
  const slot = addSlot(context, '', called.returns);
  const to: Place = { frame: frameKind(context), slot, selectors: [], start: syntax.start, end: syntax.end };
  context.out.push(callInstruction(context, syntax, called, given, to));
  return load(to, called.returns);
}

/** A call that stands alone: what it returns is dropped. */
export function checkCallStatement(context: Context, syntax: Call): undefined {
  const called = findSubroutine(context, syntax);
  if (called === 'builtin') checkBuiltin(context, syntax);
  else if (called !== undefined) {
    const given = checkArguments(context, syntax, called);
    if (given !== undefined) context.out.push(callInstruction(context, syntax, called, given, undefined));
  }
}

function callInstruction(
  context: Context,
  syntax: Call,
  called: CallableMeaning,
  given: readonly Argument[],
  to: Place | undefined,
): Instruction {
  note(context, called.kind, syntax);
  const call = { arguments: given, to, start: syntax.start, end: syntax.end };
  return called.kind === 'extern'
    ? { kind: 'extern', name: called.name, ...call }
    : { kind: 'call', subroutine: called.index, ...call };
}

function findSubroutine(context: Context, syntax: Call): CallableMeaning | 'builtin' | undefined {
  const { name } = syntax.name;
  const own = lookUp(context, name)?.meaning;
  const meaning = own ?? (isBuiltin(context, name) ? undefined : standardGate(context, name));
  if (meaning === undefined) {
    if (isBuiltin(context, name)) return 'builtin';
    const near = suggest(
      name,
      namesInScope(context, (known) => known.kind === 'subroutine'),
    );
    return complain(context, syntax.name, {
      code: 'undeclared',
      message: `No subroutine or function ${name} is defined`,
      expected: 'a subroutine that is defined before, or a built-in function',
      suggestion: near && `did you mean '${near}'?`,
    });
  }
  if (meaning.kind === 'poison') return undefined;
  if (meaning.kind !== 'subroutine' && meaning.kind !== 'extern') {
    return complain(context, syntax.name, {
      code: 'type',
      message: `${name} is no subroutine`,
      expected: 'a subroutine or a built-in function',
      suggestion: meaning.kind.includes('gate') ? `write the qubits behind the gate: ${name} q;` : undefined,
    });
  }
  if (meaning.kind === 'subroutine' && meaning.index < 0) {
    return complain(context, syntax, {
      code: 'recursion',
      message: `${name} calls itself`,
      expected: 'a subroutine that is defined before',
    });
  }
  if (context.frame.kind === 'gate') {
    return complain(context, syntax, {
      code: 'scope',
      message: `A gate does not call the ${meaning.kind === 'extern' ? 'extern function' : 'subroutine'} ${name}`,
      expected: 'gates only',
    });
  }
  return meaning;
}

function checkArguments(context: Context, syntax: Call, called: CallableMeaning): Argument[] | undefined {
  const { parameters } = called;
  if (syntax.arguments.length !== parameters.length) {
    return complain(context, syntax, {
      code: 'arity',
      message: `${called.name} takes ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, not ${syntax.arguments.length}`,
      expected: `${called.name}(${parameters.map((parameter) => parameter.name).join(', ')})`,
    });
  }
  const used: StaticQubits[] = [];
  const given = parameters.map((parameter, i) => {
    return checkArgument(context, syntax.arguments[i] as Expression, parameter, used);
  });
  return given.includes(undefined) ? undefined : (given as Argument[]);
}

function checkArgument(
  context: Context,
  syntax: Expression,
  parameter: Parameter,
  used: StaticQubits[],
): Argument | undefined {
  switch (parameter.kind) {
    case 'value': {
      const value = checkExpression(context, syntax);
      const converted = value && convert(context, value, parameter.type, 'implicit', syntax);
      return converted && { kind: 'value', value: converted };
    }
    case 'array':
      return checkReference(context, syntax, parameter);
    case 'qubits': {
      const operand = checkQubits(context, syntax);
      if (operand === undefined) return undefined;
      const { lone, size } = parameter.type;
      if (operand.size !== undefined && (operand.size !== size || (lone && !operand.lone))) {
        const wanted = lone ? 'one qubit' : `a register of ${size} qubits`;
        return complain(context, syntax, {
          code: 'size',
          message: `${parameter.name} is ${wanted}, not ${operand.lone ? 'one qubit' : `${operand.size} qubits`}`,
          expected: wanted,
        });
      }
      const own = operand.static;
      if (own !== undefined) {
        const shared = used.find((other) => findShared(other, own) !== undefined);
        if (shared !== undefined) {
          return complain(context, syntax, {
            code: 'same-qubit',
            message: 'A qubit is given to this subroutine twice',
            expected: 'different qubits',
          });
        }
        used.push(own);
      }
      return { kind: 'qubits', qubits: operand.qubits };
    }
  }
}

/** Arrays go by reference: a whole array or a part of one, never a value that is made for the call. */
function checkReference(
  context: Context,
  syntax: Expression,
  parameter: Extract<Parameter, { kind: 'array' }>,
): Argument | undefined {
  if (parameter.mutable) {
    const target = checkTarget(context, syntax);
    if (target === undefined || !fits(context, syntax, target.type, parameter)) return undefined;
    return { kind: 'reference', place: target.place };
  }
  const value = checkExpression(context, syntax);
  if (value === undefined || !fits(context, syntax, value.type, parameter)) return undefined;
  return value.kind === 'load' ? { kind: 'reference', place: value.from } : { kind: 'value', value };
}

function fits(
  context: Context,
  syntax: Expression,
  type: Type,
  parameter: Extract<Parameter, { kind: 'array' }>,
): boolean {
  const wanted = parameter.type;
  if (type.kind === 'array' && sameType(type.element, wanted.element)) {
    const same =
      type.sizes.length === wanted.sizes.length &&
      wanted.sizes.every(
        (size, i) => size === undefined || type.sizes[i] === undefined || size === type.sizes[i],
      );
    if (same) return true;
  }
  complain(context, syntax, {
    code: type.kind === 'array' ? 'size' : 'type',
    message: `${parameter.name} is ${typeName(wanted)}, not ${typeName(type)}`,
    expected: typeName(wanted),
  });
  return false;
}
