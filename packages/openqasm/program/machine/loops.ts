import type { ArrayValue, Expr, Instruction, Value } from '../ir.ts';
import { copyValue, rangeLength } from '../values/index.ts';
import type { Block } from './blocks.ts';
import { evaluate, evaluateKnown, frameOf, isTrue } from './evaluate.ts';
import type { Runner } from './runner.ts';

type For = Instruction & { kind: 'for' };

/**
 * A loop before its first round. One whose range is too long for the limits is refused here, in no time, when nothing in it can
 * end it early.
 *
 * @throws Need, RunFailure, ValueError
 */
export function startFor(instruction: For, machine: Runner): Block {
  const code = machine.templates.codes.of(instruction.body);
  const { frame, slot, over } = instruction;
  const block = { kind: 'for', code, at: code.list.length, span: instruction, frame, slot } as const;
  if (over.kind !== 'range') {
    const values = valuesOf(over, machine);
    return { ...block, over: 'values', values, rounds: values.length, left: values.length };
  }
  const from = integer(over.from, machine);
  const to = integer(over.to, machine);
  const step = over.step === undefined ? 1n : integer(over.step, machine);
  machine.where = over.step ?? over.from;
  const rounds = rangeLength(from, step, to);
  if (!code.leaves) {
    machine.budget.expectRounds(instruction, rounds);
    machine.budget.expectOperations(instruction, Number(rounds) * code.least, 'the loop');
  }
  return { ...block, over: 'range', next: from, step, rounds: Number(rounds), left: Number(rounds) };
}

/** Goes into the next round, if there is one. @throws Need, RunFailure */
export function nextRound(block: Block, machine: Runner): boolean {
  if (block.kind === 'while') {
    machine.budget.step(block.span);
    if (!isTrue(block.condition, machine)) return false;
  } else if (block.kind === 'for') {
    if (block.left === 0) return false;
    const frame = frameOf(block, machine);
    if (block.over === 'range') {
      frame.share(block.slot, block.next);
      block.next += block.step;
    } else frame.set(block.slot, block.values[block.values.length - block.left] as Value);
    block.left--;
  }
  if (block.kind === 'for' || block.kind === 'while') machine.budget.round(block.span);
  return true;
}

function integer(expr: Expr, machine: Runner): bigint {
  return evaluateKnown(expr, machine) as bigint;
}

function valuesOf(over: Exclude<For['over'], { kind: 'range' }>, machine: Runner): readonly Value[] {
  if (over.kind === 'set') return over.elements.map((element) => copyValue(evaluate(element, machine)));
  const list = evaluate(over.of, machine);
  if (list instanceof Int32Array) return Array.from(list, (cell) => Int32Array.of(cell));
  return (list as ArrayValue).elements.slice();
}
