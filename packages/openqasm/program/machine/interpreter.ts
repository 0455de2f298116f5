import type { Span } from '../../source/diagnostic.ts';
import type { Expr, Instruction, Value } from '../ir.ts';
import type { Gate, Operation } from '../operation.ts';
import { defaultValue, toInteger, toNumber } from '../values/index.ts';
import { type Block, copyBlocks, listBlock } from './blocks.ts';
import type { Budget } from './budget.ts';
import { enterCall, leaveCall } from './calls.ts';
import { evaluate, evaluateKnown, frameOf, isTrue } from './evaluate.ts';
import { fail, failOnDevice } from './failure.ts';
import type { Frame } from './frame.ts';
import { gateQuantum } from './gate-instruction.ts';
import { nextRound, startFor } from './loops.ts';
import type { Outcomes } from './outcomes.ts';
import type { Quantum } from './quantum.ts';
import { qubitsOf } from './qubits.ts';
import type { Runner } from './runner.ts';
import { storable, type Target, targetOf, write } from './target.ts';
import type { Templates } from './templates.ts';

type Write = { readonly target: Target; readonly value: Value };

/**
 * Runs instructions up to the next that asks something of the device. Control flow lies on a stack of its own, so programs cannot
 * overflow ours, and a copy of the stack is a copy of the run. An instruction changes nothing before all its expressions are
 * evaluated: where one of them needs an outcome, it is simply run again.
 */
export class Interpreter implements Runner {
  readonly templates: Templates;
  readonly globals: Frame;
  local: Frame;
  readonly outcomes: Outcomes;
  readonly budget: Budget;
  readonly inGate: boolean;
  where: Span = { start: 0, end: 0 };
  blocks: Block[];
  /** What a measurement still has to store, once its operations are out. */
  #after: Write | undefined;

  constructor(
    templates: Templates,
    root: readonly Instruction[],
    frames: { globals: Frame; local: Frame },
    outcomes: Outcomes,
    budget: Budget,
    inGate = false,
  ) {
    this.templates = templates;
    this.globals = frames.globals;
    this.local = frames.local;
    this.outcomes = outcomes;
    this.budget = budget;
    this.inGate = inGate;
    this.blocks = [listBlock(templates.codes.of(root))];
  }

  copy(budget: Budget): Interpreter {
    const frames = new Map<Frame, Frame>();
    const copied = (frame: Frame) => {
      const copy = frames.get(frame) ?? frame.copy();
      frames.set(frame, copy);
      return copy;
    };
    const copy = new Interpreter(
      this.templates,
      [],
      { globals: copied(this.globals), local: copied(this.local) },
      this.outcomes.copy(),
      budget,
    );
    copy.where = this.where;
    copy.blocks = copyBlocks(this.blocks, copied);
    const after = this.#after;
    copy.#after = after && { ...after, target: { ...after.target, frame: copied(after.target.frame) } };
    return copy;
  }

  /** @throws Need, RunFailure, ValueError (at `where`) */
  advance(): Gate | Quantum | undefined {
    if (this.#after) {
      const { target, value } = this.#after;
      write(target, storable(target, value, this));
      this.#after = undefined;
    }
    for (let block = this.blocks.at(-1); block; block = this.blocks.at(-1)) {
      const instruction = block.code.list[block.at];
      if (instruction === undefined) {
        this.#endOf(block);
        continue;
      }
      this.budget.step(instruction);
      this.where = instruction;
      const quantum = this.#run(instruction, block);
      if (quantum) return quantum;
    }
    return undefined;
  }

  #endOf(block: Block): void {
    switch (block.kind) {
      case 'list':
        this.blocks.pop();
        return;
      case 'for':
      case 'while':
        if (nextRound(block, this)) block.at = 0;
        else this.blocks.pop();
        return;
      case 'call':
        leaveCall(this, undefined);
    }
  }

  /** Steps over the instruction once it has done its work; what throws before is run again. */
  #run(instruction: Instruction, block: Block): Gate | Quantum | undefined {
    switch (instruction.kind) {
      case 'gate': {
        const quantum = gateQuantum(instruction, block, this);
        block.at++;
        return quantum;
      }
      case 'measure':
        return this.#measure(instruction, block);
      case 'reset':
      case 'barrier':
      case 'delay':
        return this.#quantum(instruction, block);
      case 'assign':
      case 'declare':
      case 'alias':
        this.#store(instruction);
        block.at++;
        return undefined;
      default:
        this.#control(instruction, block);
        return undefined;
    }
  }

  #store(instruction: Instruction & { kind: 'assign' | 'declare' | 'alias' }): void {
    switch (instruction.kind) {
      case 'assign': {
        const value = evaluate(instruction.value, this);
        const target = targetOf(instruction.to, this);
        write(target, storable(target, value, this));
        return;
      }
      case 'declare': {
        const frame = frameOf(instruction, this);
        const type = frame.slots[instruction.slot]?.type;
        if (type === undefined || type.kind === 'qubits')
          throw new RangeError(`no variable in slot ${instruction.slot}`);
        if (instruction.value) frame.set(instruction.slot, evaluate(instruction.value, this));
        else frame.set(instruction.slot, defaultValue(type));
        return;
      }
      case 'alias':
        frameOf(instruction, this).share(
          instruction.slot,
          Int32Array.from(qubitsOf(instruction.qubits, this)),
        );
    }
  }

  #measure(instruction: Instruction & { kind: 'measure' }, block: Block): Quantum {
    const qubits = qubitsOf(instruction.qubits, this);
    const target = instruction.to && targetOf(instruction.to, this);
    const operations = qubits.map(
      (qubit): Operation => ({ kind: 'measure', qubit, id: this.outcomes.add() }),
    );
    if (target) {
      const value = Int32Array.from(operations, (operation) =>
        operation.kind === 'measure' ? 2 + operation.id : 0,
      );
      this.#after = { target, value };
    }
    block.at++;
    return { kind: 'quantum', span: instruction, operations, calls: undefined, least: operations.length };
  }

  #quantum(instruction: Instruction & { kind: 'reset' | 'barrier' | 'delay' }, block: Block): Quantum {
    let operations: readonly Operation[];
    if (instruction.kind === 'reset') {
      operations = qubitsOf(instruction.qubits, this).map((qubit) => ({ kind: 'reset', qubit }));
    } else {
      const { kind } = instruction;
      const all = Array.from({ length: this.templates.codes.unit.qubitCount }, (_, qubit) => qubit);
      const given = instruction.qubits.flatMap((each) => qubitsOf(each, this));
      const qubits = instruction.qubits.length === 0 ? all : given;
      operations =
        kind === 'barrier'
          ? [{ kind, qubits }]
          : [{ kind, qubits, seconds: this.#seconds(instruction.duration) }];
    }
    block.at++;
    return { kind: 'quantum', span: instruction, operations, calls: undefined, least: operations.length };
  }

  #seconds(duration: Expr): number {
    const seconds = toNumber(evaluateKnown(duration, this));
    if (seconds < 0) fail(duration, 'value', 'a delay takes no negative duration', 'a duration of 0 or more');
    return seconds;
  }

  #control(instruction: Instruction, block: Block): void {
    switch (instruction.kind) {
      case 'if':
        this.#branch(block, isTrue(instruction.condition, this) ? instruction.then : instruction.else);
        return;
      case 'switch': {
        const subject = toInteger(evaluateKnown(instruction.subject, this));
        const found = instruction.cases.find((each) => each.values.includes(subject));
        this.#branch(block, found?.body ?? instruction.default ?? []);
        return;
      }
      case 'for': {
        const loop = startFor(instruction, this);
        block.at++;
        this.blocks.push(loop);
        return;
      }
      case 'while': {
        const code = this.templates.codes.of(instruction.body);
        block.at++;
        this.blocks.push({
          kind: 'while',
          code,
          at: code.list.length,
          span: instruction,
          condition: instruction.condition,
        });
        return;
      }
      case 'call':
        enterCall(this, instruction, block);
        return;
      case 'extern':
        failOnDevice(instruction, `the extern function ${instruction.name}`);
        return;
      case 'return':
        this.#return(instruction.value);
        return;
      case 'end':
        this.blocks.length = 0;
        return;
      case 'break':
        this.#toLoop();
        this.blocks.pop();
        return;
      case 'continue': {
        const loop = this.#toLoop();
        if (loop) loop.at = loop.code.list.length;
      }
    }
  }

  #branch(block: Block, body: readonly Instruction[]): void {
    block.at++;
    if (body.length > 0) this.blocks.push(listBlock(this.templates.codes.of(body)));
  }

  #return(value: Expr | undefined): void {
    const answer = value && evaluate(value, this);
    leaveCall(this, answer);
  }

  /** Leaves what stands inside of the innermost loop. */
  #toLoop(): Block | undefined {
    while (this.blocks.at(-1)?.kind === 'list') this.blocks.pop();
    return this.blocks.at(-1);
  }
}
