import { STANDARD_GATES } from '../gates/standard-gates.ts';
import type { Instruction, Slot, Type } from '../program/ir.ts';
import { FLOAT, typeName } from '../program/values/types.ts';
import type {
  Block,
  ExternDeclaration,
  GateDefinition,
  Identifier,
  OpaqueDeclaration,
  SubroutineDefinition,
  SubroutineParameter,
  TypeSyntax,
} from '../syntax/ast.ts';
import { checkBlockInto } from './blocks.ts';
import { type Context, complain, type Frame, note } from './context.ts';
import { define, poison } from './names.ts';
import { LONE_QUBIT } from './static-qubits.ts';
import { type Meaning, newScope, type Parameter } from './symbols.ts';
import { positiveSize, resolveType } from './types.ts';

/** Definitions stand at the top of the program. */
function isAtTop(context: Context, name: Identifier, what: string): boolean {
  if (context.frame.kind === 'program' && context.scope.parent === undefined) return true;
  complain(context, name, {
    code: 'scope',
    message: `${what} is defined at the top of the program, not inside of a block`,
    expected: 'a definition outside of all blocks',
  });
  return false;
}

type Local = { readonly name: Identifier; readonly meaning: Meaning; readonly slot: Slot };

export function checkGateDefinition(context: Context, syntax: GateDefinition): undefined {
  if (!isAtTop(context, syntax.name, 'a gate')) return poison(context, syntax.name);
  const parameters = syntax.parameters.length;
  const qubits = syntax.qubits.length;
  const locals = [
    ...syntax.parameters.map((name, slot) => variableLocal(name, slot, FLOAT)),
    ...syntax.qubits.map((name, i) => qubitLocal(name, parameters + i)),
  ];
  // While its own body is checked the gate is known, so that a call of itself is told as such.
  const { name } = syntax.name;
  const isNew = !context.scope.names.has(name);
  if (isNew)
    context.scope.names.set(name, {
      meaning: { kind: 'gate', index: -1, parameters, qubits },
      span: syntax.name,
    });
  const { slots, body } = checkBody(context, 'gate', syntax, locals, undefined, syntax.body);
  if (isNew) context.scope.names.delete(name);
  const index = context.gates.length;
  context.gates.push({ name, parameters, qubits, slots, body, start: syntax.start, end: syntax.end });
  define(context, syntax.name, { kind: 'gate', index, parameters, qubits });
}

export function checkOpaque(context: Context, syntax: OpaqueDeclaration): undefined {
  const parameters = syntax.parameters.length;
  const qubits = syntax.qubits.length;
  const gate = STANDARD_GATES.get(syntax.name.name);
  // Exporters declare gates so that their readers know by name: what everybody means by cz needs no body.
  const isKnown = gate?.sources.includes('qelib1') === true;
  if (isKnown && gate.parameters.length === parameters && gate.qubits === qubits)
    define(context, syntax.name, { kind: 'standard-gate', gate });
  else define(context, syntax.name, { kind: 'opaque', parameters, qubits });
}

export function checkExtern(context: Context, syntax: ExternDeclaration): undefined {
  if (!isAtTop(context, syntax.name, 'an extern function')) return poison(context, syntax.name);
  const parameters = syntax.parameters.map(({ type, access }, i) =>
    readClassical(context, type, access, `argument ${i + 1}`),
  );
  const returns = syntax.returns && resolveType(context, syntax.returns);
  if (parameters.includes(undefined) || (syntax.returns !== undefined && returns === undefined))
    return poison(context, syntax.name);
  const { name } = syntax.name;
  define(context, syntax.name, { kind: 'extern', name, parameters: parameters as Parameter[], returns });
}

export function checkSubroutineDefinition(context: Context, syntax: SubroutineDefinition): undefined {
  if (!isAtTop(context, syntax.name, 'a subroutine')) return poison(context, syntax.name);
  note(context, 'subroutine', syntax);
  const parameters = syntax.parameters.map((parameter) => readParameter(context, parameter));
  const returns = syntax.returns && resolveType(context, syntax.returns);
  const known = !parameters.includes(undefined) && (syntax.returns === undefined || returns !== undefined);
  const locals = syntax.parameters.map((parameter, slot) =>
    parameterLocal(parameter.name, slot, parameters[slot]),
  );
  const { name } = syntax.name;
  const meaning = { kind: 'subroutine', name, parameters: parameters as Parameter[], returns } as const;
  const isNew = !context.scope.names.has(name);
  if (isNew) {
    const self: Meaning = known ? { ...meaning, index: -1 } : { kind: 'poison' };
    context.scope.names.set(name, { meaning: self, span: syntax.name });
  }
  const found = context.findings.count;
  const { slots, body } = checkBody(context, 'subroutine', syntax, locals, returns, syntax.body);
  if (isNew) context.scope.names.delete(name);
  // A return that is wrong was told: that it is missing would follow from it.
  if (returns !== undefined && context.findings.count === found && !leaves(body))
    complainMissingReturn(context, syntax, returns);
  const index = context.subroutines.length;
  const count = parameters.length;
  context.subroutines.push({
    name,
    parameters: count,
    slots,
    returns,
    body,
    start: syntax.start,
    end: syntax.end,
  });
  if (known) define(context, syntax.name, { ...meaning, index });
  else poison(context, syntax.name);
}

function complainMissingReturn(context: Context, syntax: SubroutineDefinition, returns: Type): undefined {
  complain(context, syntax.name, {
    code: 'type',
    message: `${syntax.name.name} can end without returning its ${typeName(returns)}`,
    expected: `a return of ${typeName(returns)} on every path`,
  });
}

/** Whether every path through these instructions returns or ends the program. */
function leaves(body: readonly Instruction[]): boolean {
  return body.some((instruction) => {
    switch (instruction.kind) {
      case 'return':
      case 'end':
        return true;
      case 'if':
        return leaves(instruction.then) && leaves(instruction.else);
      case 'switch':
        return (
          instruction.default !== undefined &&
          leaves(instruction.default) &&
          instruction.cases.every((each) => leaves(each.body))
        );
      case 'while':
        return (
          instruction.condition.kind === 'constant' &&
          instruction.condition.value === true &&
          !instruction.body.some(mayBreak)
        );
      default:
        return false;
    }
  });
}

function mayBreak(instruction: Instruction): boolean {
  if (instruction.kind === 'break') return true;
  if (instruction.kind === 'if') return [...instruction.then, ...instruction.else].some(mayBreak);
  if (instruction.kind !== 'switch') return false;
  return [...instruction.cases.flatMap((each) => each.body), ...(instruction.default ?? [])].some(mayBreak);
}

function readParameter(context: Context, syntax: SubroutineParameter): Parameter | undefined {
  const { name } = syntax.name;
  if (syntax.type.kind === 'qubit-type') {
    const size = syntax.type.size === undefined ? 1 : positiveSize(context, syntax.type.size, 'a register');
    if (size === undefined) return undefined;
    return { kind: 'qubits', name, type: { kind: 'qubits', size, lone: syntax.type.size === undefined } };
  }
  return readClassical(context, syntax.type, syntax.access, name);
}

function readClassical(
  context: Context,
  syntax: TypeSyntax,
  access: SubroutineParameter['access'],
  name: string,
): Parameter | undefined {
  const type = resolveType(context, syntax);
  if (type === undefined) return undefined;
  if (type.kind === 'array') {
    if (access !== undefined) return { kind: 'array', name, type, mutable: access === 'mutable' };
    return complain(context, syntax, {
      code: 'type',
      message: `The array ${name} is given by reference: readonly or mutable`,
      expected: `readonly or mutable before the array`,
    });
  }
  return { kind: 'value', name, type };
}

function variableLocal(name: Identifier, slot: number, type: Type): Local {
  return {
    name,
    meaning: { kind: 'variable', type, frame: 'local', slot, fixed: undefined },
    slot: { name: name.name, type },
  };
}

function qubitLocal(name: Identifier, slot: number, type = LONE_QUBIT): Local {
  return {
    name,
    meaning: { kind: 'qubits', type, frame: 'local', slot, static: undefined, elements: new Map() },
    slot: { name: name.name, type },
  };
}

function parameterLocal(name: Identifier, slot: number, parameter: Parameter | undefined): Local {
  if (parameter === undefined)
    return { name, meaning: { kind: 'poison' }, slot: { name: name.name, type: FLOAT } };
  if (parameter.kind === 'qubits') return qubitLocal(name, slot, parameter.type);
  const local = variableLocal(name, slot, parameter.type);
  if (parameter.kind === 'value' || parameter.mutable || local.meaning.kind !== 'variable') return local;
  return { ...local, meaning: { ...local.meaning, fixed: 'a readonly array' } };
}

function checkBody(
  context: Context,
  kind: 'gate' | 'subroutine',
  syntax: { name: Identifier },
  locals: readonly Local[],
  returns: Type | undefined,
  block: Block,
): { slots: Slot[]; body: Instruction[] } {
  const before = { frame: context.frame, scope: context.scope };
  const slots = locals.map((local) => local.slot);
  const frame: Frame = { kind, name: syntax.name.name, slots, returns, loops: 0 };
  context.frame = frame;
  context.scope = newScope(before.scope, kind);
  for (const local of locals) defineLocal(context, local);
  const body = checkBlockInto(context, block);
  context.frame = before.frame;
  context.scope = before.scope;
  return { slots, body };
}

/** Parameters may bear the name of a gate: only their own neighbours are in the way. */
function defineLocal(context: Context, local: Local): undefined {
  const { names } = context.scope;
  if (!names.has(local.name.name)) {
    names.set(local.name.name, { meaning: local.meaning, span: local.name });
    return;
  }
  complain(context, local.name, {
    code: 'redeclared',
    message: `${local.name.name} stands twice among the parameters`,
    expected: 'different names',
  });
}
