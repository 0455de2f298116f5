import { STANDARD_GATES } from '../../gates/standard-gates.ts';
import type { Expr, Instruction, Modifier } from '../ir.ts';
import type { Gate } from '../operation.ts';
import { toNumber } from '../values/index.ts';
import type { Block } from './blocks.ts';
import { isFixed } from './code.ts';
import { denseCore } from './dense-core.ts';
import { evaluateKnown } from './evaluate.ts';
import { fail, failOnDevice } from './failure.ts';
import type { Quantum } from './quantum.ts';
import { broadcast, loneQubits, qubitName } from './qubits.ts';
import type { Runner } from './runner.ts';
import {
  bodyShape,
  type Call,
  checkDistinct,
  gateOperation,
  type KnownModifier,
  modify,
  type Shape,
  standardShape,
  standardSize,
} from './shape.ts';

const NONE: readonly number[] = [];

type GateInstruction = Instruction & { kind: 'gate' };

/**
 * What a gate statement asks for: once for each broadcast. Statements over constants are made once and kept from their second run
 * on: one that runs once only would fill the memory for nothing (some 200 bytes each).
 *
 * @throws Need, RunFailure, ValueError
 */
export function gateQuantum(
  instruction: GateInstruction,
  block: Block,
  runner: Runner,
): Gate | Quantum | undefined {
  const { ready } = block.code;
  const before = ready[block.at];
  if (before !== undefined && before !== 'seen') return expected(before, instruction, runner);
  const made = make(instruction, runner);
  if (made && isConstant(instruction, runner)) ready[block.at] = before === 'seen' ? made : 'seen';
  return made && expected(made, instruction, runner);
}

/** Refuses what would go over the limit before the first of its operations goes out. */
function expected(made: Gate | Quantum, instruction: GateInstruction, runner: Runner): Gate | Quantum {
  if (made.kind === 'quantum' && made.least > 1 && !runner.inGate) {
    const { gate } = instruction;
    const name = gate.kind === 'defined' ? definitionOf(instruction, runner).name : gate.name;
    runner.budget.expectOperations(instruction, made.least, `gate ${name}`);
  }
  return made;
}

function make(instruction: GateInstruction, runner: Runner): Gate | Quantum | undefined {
  const shape = shapeOf(instruction, runner);
  if (shape === undefined) return undefined;
  const nameOf = (qubit: number) =>
    runner.inGate ? `qubit ${qubit}` : qubitName(runner.templates.codes.unit, qubit);
  const span = instruction.operands[1] ?? instruction;
  const lone =
    shape.core === undefined || runner.inGate ? undefined : loneQubits(instruction.operands, runner);
  if (lone && shape.core) {
    checkDistinct(lone, span, nameOf);
    return gateOperation(shape.core, shape.controls, shape.polarity, lone);
  }
  const lists = broadcast(instruction.operands, runner);
  for (const qubits of lists) checkDistinct(qubits, span, nameOf);
  if (shape.core !== undefined && !runner.inGate) {
    const { core, controls, polarity } = shape;
    const operations = lists.map((qubits) => gateOperation(core, controls, polarity, qubits));
    return { kind: 'quantum', span: instruction, operations, calls: undefined, least: operations.length };
  }
  const calls = lists.map((qubits): Call => ({ kind: 'gate', shape, qubits }));
  const each = shape.core === undefined ? shape.repeat * sizeOf(instruction, runner) : 1;
  return { kind: 'quantum', span: instruction, operations: undefined, calls, least: lists.length * each };
}

function shapeOf(instruction: GateInstruction, runner: Runner): Shape | undefined {
  const parameters =
    instruction.parameters.length === 0
      ? NONE
      : instruction.parameters.map((each) => toNumber(evaluateKnown(each, runner)));
  let shape: Shape;
  let qubits: number;
  if (instruction.gate.kind === 'standard') {
    const gate = STANDARD_GATES.get(instruction.gate.name);
    if (gate === undefined) throw new RangeError(`no standard gate ${instruction.gate.name}`);
    shape = standardShape(gate, parameters);
    qubits = gate.qubits;
  } else if (instruction.gate.kind === 'opaque') {
    return failOnDevice(instruction, `the opaque gate ${instruction.gate.name}`);
  } else {
    checkDepth(instruction, instruction.gate.gate, runner);
    shape = bodyShape(runner.templates.bodyOf(instruction.gate.gate, parameters));
    qubits = definitionOf(instruction, runner).qubits;
  }
  if (instruction.modifiers.length === 0) return shape;
  const modifiers = instruction.modifiers.map((modifier) => knownModifier(modifier, runner));
  return modify(shape, modifiers, (body) => denseCore(body, qubits, instruction, runner.budget));
}

function knownModifier(modifier: Modifier, runner: Runner): KnownModifier {
  switch (modifier.kind) {
    case 'inv':
      return { kind: 'power', exponent: -1 };
    case 'ctrl':
      return { kind: 'controls', polarity: new Array<1>(modifier.count).fill(1) };
    case 'negctrl':
      return { kind: 'controls', polarity: new Array<0>(modifier.count).fill(0) };
    case 'pow': {
      const exponent = toNumber(evaluateKnown(modifier.exponent, runner));
      if (Number.isFinite(exponent)) return { kind: 'power', exponent };
      return fail(modifier.exponent, 'value', `${exponent} is no power of a gate`, 'a finite number');
    }
  }
}

function checkDepth(instruction: GateInstruction, gate: number, runner: Runner): void {
  const { nesting } = runner.budget.limits;
  if ((runner.templates.codes.gateDepths[gate] ?? 0) <= nesting) return;
  const { name } = definitionOf(instruction, runner);
  fail(
    instruction,
    'limit',
    `the definition of gate ${name} is nested more than ${nesting} deep`,
    `at most ${nesting} gates in one another`,
  );
}

function definitionOf(instruction: GateInstruction, runner: Runner) {
  const index = instruction.gate.kind === 'defined' ? instruction.gate.gate : -1;
  const gate = runner.templates.codes.unit.gates[index];
  if (gate === undefined) throw new RangeError(`no gate ${index}`);
  return gate;
}

function sizeOf(instruction: GateInstruction, runner: Runner): number {
  const { gate } = instruction;
  if (gate.kind !== 'defined') return standardSize(STANDARD_GATES.get(gate.name));
  return runner.templates.codes.gateSizes[gate.gate] ?? 0;
}

function isConstant(instruction: GateInstruction, runner: Runner): boolean {
  const { registers } = runner.templates.codes;
  const constant = (expr: Expr) => expr.kind === 'constant';
  return (
    instruction.parameters.every(constant) &&
    instruction.modifiers.every((modifier) => modifier.kind !== 'pow' || constant(modifier.exponent)) &&
    instruction.operands.every((operand) => isFixed(operand, registers))
  );
}
