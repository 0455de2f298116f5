import type { Instruction, Value } from '../ir.ts';
import type { Block, CallBlock } from './blocks.ts';
import { evaluate } from './evaluate.ts';
import { fail } from './failure.ts';
import { Frame } from './frame.ts';
import { qubitsOf } from './qubits.ts';
import type { Runner } from './runner.ts';
import { read, storable, targetOf, write } from './target.ts';

type Call = Instruction & { kind: 'call' };

/** @throws Need, RunFailure (too many calls in one another), ValueError */
export function enterCall(machine: Runner, instruction: Call, block: Block): void {
  const subroutine = machine.templates.codes.unit.subroutines[instruction.subroutine];
  if (subroutine === undefined) throw new RangeError(`no subroutine ${instruction.subroutine}`);
  const { nesting } = machine.budget.limits;
  if (machine.blocks.filter((each) => each.kind === 'call').length >= nesting) {
    fail(
      instruction,
      'limit',
      `subroutine calls are nested more than ${nesting} deep`,
      `at most ${nesting} calls in one another`,
    );
  }
  const values: Value[] = [];
  const references: CallBlock['references'][number][] = [];
  for (const [slot, argument] of instruction.arguments.entries()) {
    if (argument.kind === 'value') values.push(evaluate(argument.value, machine));
    else if (argument.kind === 'qubits') values.push(Int32Array.from(qubitsOf(argument.qubits, machine)));
    else {
      const target = targetOf(argument.place, machine);
      const before = read(target);
      values.push(before);
      references.push({ target, slot, before });
    }
  }
  const to = instruction.to && targetOf(instruction.to, machine);
  const code = machine.templates.codes.of(subroutine.body);
  const frame = new Frame(subroutine.slots, new Array<undefined>(subroutine.slots.length));
  for (const [slot, value] of values.entries()) {
    const shared = instruction.arguments[slot]?.kind !== 'value';
    if (shared) frame.share(slot, value);
    else frame.set(slot, value);
  }
  block.at++;
  machine.blocks.push({ kind: 'call', code, at: 0, caller: machine.local, to, references });
  machine.local = frame;
}

/** Back to the caller with the answer and what was changed in arrays. @throws Need before anything is changed */
export function leaveCall(machine: Runner, answer: Value | undefined): void {
  let at = machine.blocks.length - 1;
  while (at >= 0 && machine.blocks[at]?.kind !== 'call') at--;
  const call = machine.blocks[at];
  if (call?.kind !== 'call') {
    // A return outside of any subroutine: the checker refuses it.
    machine.blocks.length = 0;
    return;
  }
  const stored = call.to && answer !== undefined ? storable(call.to, answer, machine) : undefined;
  const callee = machine.local;
  machine.blocks.length = at;
  machine.local = call.caller;
  for (const { target, slot, before } of call.references) {
    const now = callee.get(slot);
    if (now !== before) write(target, now);
  }
  if (call.to && stored !== undefined) write(call.to, stored);
}
