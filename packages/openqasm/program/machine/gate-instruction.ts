import { STANDARD_GATES } from '../../gates/standard-gates.ts';
import type { Expr, Instruction, Modifier } from '../ir.ts';
import { toNumber } from '../values/index.ts';
import type { Block } from './blocks.ts';
import { isFixed } from './code.ts';
import { denseCore } from './dense-core.ts';
import { evaluateKnown } from './evaluate.ts';
import { fail } from './failure.ts';
import type { Quantum } from './quantum.ts';
import { broadcast, qubitName } from './qubits.ts';
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

type GateInstruction = Instruction & { kind: 'gate' };

/**
 * What a gate statement asks for: once for each broadcast. Statements over constants are made once and kept from their second run
 * on: one that runs once only would fill the memory for nothing (some 200 bytes each).
 *
 * @throws Need, RunFailure, ValueError
 */
export function gateQuantum(instruction: GateInstruction, block: Block, runner: Runner): Quantum | undefined {
  const { ready } = block.code;
  const before = ready[block.at];
  let quantum: Quantum | undefined;
  if (before !== undefined && before !== 'seen') quantum = before;
  else {
    quantum = makeQuantum(instruction, runner);
    if (quantum && isConstant(instruction, runner)) ready[block.at] = before === 'seen' ? quantum : 'seen';
  }
  if (quantum && quantum.least > 1 && !runner.inGate) {
    const name =
      instruction.gate.kind === 'standard' ? instruction.gate.name : definitionOf(instruction, runner).name;
    runner.budget.expectOperations(instruction, quantum.least, `gate ${name}`);
  }
  return quantum;
}

function makeQuantum(instruction: GateInstruction, runner: Runner): Quantum | undefined {
  const shape = shapeOf(instruction, runner);
  if (shape === undefined) return undefined;
  const lists = broadcast(instruction.operands, runner);
  for (const qubits of lists) {
    if (qubits.length > 1) {
      checkDistinct(qubits, instruction.operands[1] ?? instruction, (qubit) =>
        runner.inGate ? `qubit ${qubit}` : qubitName(runner.templates.codes.unit, qubit),
      );
    }
  }
  if (shape.core !== undefined && !runner.inGate) {
    const { core, controls, polarity } = shape;
    const operations = lists.map((qubits) => gateOperation(core, controls, polarity, qubits));
    return { span: instruction, operations, calls: undefined, least: operations.length };
  }
  const calls = lists.map((qubits): Call => ({ kind: 'gate', shape, qubits }));
  const least =
    shape.core === undefined ? lists.length * shape.repeat * sizeOf(instruction, runner) : lists.length;
  return { span: instruction, operations: undefined, calls, least };
}

function shapeOf(instruction: GateInstruction, runner: Runner): Shape | undefined {
  const parameters = instruction.parameters.map((each) => toNumber(evaluateKnown(each, runner)));
  let shape: Shape;
  let qubits: number;
  if (instruction.gate.kind === 'standard') {
    const gate = STANDARD_GATES.get(instruction.gate.name);
    if (gate === undefined) throw new RangeError(`no standard gate ${instruction.gate.name}`);
    shape = standardShape(gate, parameters);
    qubits = gate.qubits;
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
  if (instruction.gate.kind === 'standard') return standardSize(STANDARD_GATES.get(instruction.gate.name));
  return runner.templates.codes.gateSizes[instruction.gate.gate] ?? 0;
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
