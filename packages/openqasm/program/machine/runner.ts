import type { Block } from './blocks.ts';
import type { Frame } from './frame.ts';
import type { Scope } from './scope.ts';
import type { Templates } from './templates.ts';

/** The interpreter as its instructions see it. */
export type Runner = Omit<Scope, 'local'> & {
  local: Frame;
  readonly blocks: Block[];
  readonly templates: Templates;
  /** Runs the body of a gate to learn its calls: qubits are places in the gate's list. */
  readonly inGate: boolean;
};
