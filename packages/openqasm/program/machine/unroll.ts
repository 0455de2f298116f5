import type { Value } from '../ir.ts';
import { fail } from './failure.ts';
import { Frame } from './frame.ts';
import { Interpreter } from './interpreter.ts';
import { Outcomes } from './outcomes.ts';
import type { Call } from './shape.ts';
import type { Unroll } from './templates.ts';

// Calls are kept, at some 150 bytes each; a gate that says more than this in one body is a loop gone wrong.
const MOST_CALLS = 1_000_000;

/** The calls of a gate's body, one level deep: what nested gates stand for is found when they are entered. */
export const unroll: Unroll = (templates, gate, parameters, budget) => {
  const places = Array.from({ length: gate.qubits }, (_, at) => Int32Array.of(at));
  const rest = new Array<undefined>(gate.slots.length - gate.parameters - gate.qubits);
  const values: (Value | undefined)[] = [...parameters, ...places, ...rest];
  const frame = new Frame(gate.slots, values);
  const frames = { globals: new Frame([], []), local: frame };
  const interpreter = new Interpreter(templates, gate.body, frames, new Outcomes(), budget, true);
  const calls: Call[] = [];
  for (let quantum = interpreter.advance(); quantum; quantum = interpreter.advance()) {
    if (quantum.kind === 'gate') continue;
    for (const call of quantum.calls ?? []) calls.push(call);
    for (const operation of quantum.operations ?? []) {
      if (operation.kind === 'barrier' || operation.kind === 'delay') calls.push(operation);
    }
    if (calls.length > Math.min(MOST_CALLS, budget.limits.operations)) {
      fail(
        quantum.span,
        'limit',
        `the body of ${gate.name} holds too many gates`,
        `at most ${MOST_CALLS} gates`,
      );
    }
  }
  return calls;
};
