import { type Gate, type Operation, ProgramError, type Run } from '@quantum-hub/openqasm';
import { isDiagonal, pauliGate } from './gates.ts';
import { NotServed, type QuantumState } from './state.ts';

/**
 * One way through a program: the outcomes so far, the state that they leave, and how many shots (or what share of all) go this way.
 */
export type Branch = {
  run: Run;
  state: QuantumState;
  amount: number;
  /** Every decision so far, so that the branch can be made again from the start. */
  history: Decisions;
  /** Decisions of an earlier time that are still to be taken again, next one last. */
  replay: number[];
  /** Measured qubits that nothing has touched since, each with its measurements; their outcomes can be sampled at the end. */
  pending: Map<number, number[]>;
  /** Measurement -> qubit, for the pending ones. */
  qubitOf: Map<number, number>;
  /** What the operation at hand still has to do, next one last: a fork in its midst must find it. */
  todo: Task[];
};

type Task = (branch: Branch) => void;

/** The last decision and those before it: forks share what they have in common, thousands of them in a noisy program. */
type Decisions = { readonly outcome: number; readonly before: Decisions } | undefined;

/** A way that is made again from the start when its turn comes. */
type Way = { readonly history: Decisions; readonly amount: number };

/** A random event: what may happen, how likely each is in this state, and what it does to the branch. */
export type Event = {
  probabilities(state: QuantumState): readonly number[];
  happen(branch: Branch, outcome: number): void;
};

export type Plan = {
  /** A run and a state at the beginning; called again for branches that were not kept as copies. */
  begin(): { run: Run; state: QuantumState };
  /** All shots, or 1 for exact shares. */
  amount: number;
  /** Divides an amount among outcomes by their probabilities: at random for shots, exactly for shares. */
  divide(amount: number, probabilities: readonly number[]): readonly number[];
  /** How many states may lie beside the one that is followed. */
  copies: number;
  /** Noise: events after an operation, in order. */
  after?(operation: Operation): readonly Event[];
  /** Noise: what a measurement reports, given the true outcome. Probability that it is the other one. */
  misread?(qubit: number, outcome: 0 | 1): number;
  /** A way is followed from now on: who tells progress looks at it. */
  onWay?(branch: Branch): void;
  /** A way has come to its end. What it yields, `follow` yields. */
  leaf(branch: Branch): Iterable<void>;
};

/**
 * Follows a program along all its ways. Where nothing depends on a measurement there is one way, and its end is sampled for all
 * shots at once. Where something does, the shots are divided among the outcomes and each outcome that got some is followed: never
 * more work than a run for each shot, and as little as the distinct histories need. Ways are followed depth first; while `copies` allow,
 * the state at a fork is kept, afterwards it is made again by repeating the way (time for memory). Yields after every operation, so that
 * the caller can breathe, tell progress, or stop.
 */
export function* follow(plan: Plan): Generator<void> {
  yield* new Follower(plan).follow();
}

class Follower {
  readonly #plan: Plan;
  /**
   * Ways still to be followed, next one last: one stack for both kinds, so that the order (and with it which random number decides
   * what) does not hang on how many copies the machine's memory allows.
   */
  readonly #ways: (Branch | Way)[];
  #kept = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#ways = [{ history: undefined, amount: plan.amount }];
  }

  *follow(): Generator<void> {
    for (let way = this.#ways.pop(); way; way = this.#ways.pop()) {
      const branch = 'state' in way ? way : this.#again(way);
      if (branch === way) this.#kept--;
      this.#plan.onWay?.(branch);
      yield* this.#followToEnd(branch);
      yield* this.#plan.leaf(branch);
    }
  }

  #again({ history, amount }: Way): Branch {
    const replay: number[] = [];
    for (let step = history; step; step = step.before) replay.push(step.outcome);
    const maps = { pending: new Map(), qubitOf: new Map() };
    return { ...this.#plan.begin(), ...maps, amount, history, replay, todo: [] };
  }

  *#followToEnd(branch: Branch): Generator<void> {
    for (;;) {
      doAll(branch);
      const operation = branch.run.next();
      if (operation === undefined) return;
      this.#step(branch, operation);
      yield;
    }
  }

  #step(branch: Branch, operation: Operation): void {
    const noise = this.#plan.after?.(operation) ?? [];
    for (const event of noise.toReversed()) branch.todo.push((at) => this.#decide(at, event));
    // Noise does not commute with a measurement, whatever the operation itself does.
    const touched = noise.length > 0 ? qubitsOf(operation) : [];
    switch (operation.kind) {
      case 'gate':
        branch.todo.push(({ state }) => state.apply(operation));
        if (branch.pending.size > 0) this.#settle(branch, noise.length > 0 ? touched : disturbed(operation));
        return;
      case 'measure':
        postpone(branch, operation.qubit, operation.id);
        return;
      case 'need':
        this.#settle(branch, [branch.qubitOf.get(operation.id) as number]);
        return;
      case 'reset':
        branch.todo.push((at) => this.#decide(at, resetOf(operation.qubit)));
        this.#settle(branch, [operation.qubit]);
        return;
      case 'barrier':
      case 'delay':
        this.#settle(branch, touched);
        return;
    }
  }

  /** Decides the pending measurements of `qubits` before anything else. */
  #settle(branch: Branch, qubits: readonly number[]): void {
    for (const qubit of qubits) {
      if (branch.pending.has(qubit)) branch.todo.push((at) => this.#decide(at, this.#measurementOf(qubit)));
    }
  }

  #measurementOf(qubit: number): Event {
    return {
      probabilities: (state) => outcomesOf(state, qubit),
      happen: (branch, outcome) => {
        branch.state.collapse(qubit, outcome as 0 | 1);
        const ids = branch.pending.get(qubit) ?? [];
        branch.pending.delete(qubit);
        for (const id of ids.toReversed()) this.#report(branch, id, qubit, outcome as 0 | 1);
      },
    };
  }

  #report(branch: Branch, id: number, qubit: number, outcome: 0 | 1): void {
    branch.qubitOf.delete(id);
    const error = this.#plan.misread?.(qubit, outcome) ?? 0;
    if (error === 0) {
      branch.run.resolve(id, outcome);
      return;
    }
    const reading: Event = {
      probabilities: () => [1 - error, error],
      happen: ({ run }, wrong) => run.resolve(id, (outcome ^ wrong) as 0 | 1),
    };
    branch.todo.push((at) => this.#decide(at, reading));
  }

  #decide(branch: Branch, event: Event): void {
    const again = branch.replay.pop();
    if (again !== undefined) {
      event.happen(branch, again);
      return;
    }
    const amounts = this.#plan.divide(branch.amount, event.probabilities(branch.state));
    const [first, ...others] = amounts.flatMap((amount, outcome) => (amount > 0 ? [outcome] : []));
    if (first === undefined) throw new Error(`no outcome got any of the ${branch.amount}`);
    for (const outcome of others) this.#fork(branch, outcome, amounts[outcome] as number, event);
    branch.amount = amounts[first] as number;
    branch.history = { outcome: first, before: branch.history };
    event.happen(branch, first);
  }

  #fork(branch: Branch, outcome: number, amount: number, event: Event): void {
    const history = { outcome, before: branch.history };
    if (this.#kept < this.#plan.copies) {
      const copy = copyOf(branch, history, amount);
      event.happen(copy, outcome);
      this.#ways.push(copy);
      this.#kept++;
    } else {
      this.#ways.push({ history, amount });
    }
  }
}

/** A state that can't take an operation is told at the operation's place. */
function doAll(branch: Branch): void {
  try {
    for (let task = branch.todo.pop(); task; task = branch.todo.pop()) task(branch);
  } catch (error) {
    if (!(error instanceof NotServed)) throw error;
    const { message, expected } = error;
    throw new ProgramError({ ...branch.run.where(), code: 'unsupported', message, expected });
  }
}

function copyOf(branch: Branch, history: Decisions, amount: number): Branch {
  return {
    run: branch.run.copy(),
    state: branch.state.copy(),
    amount,
    history,
    replay: [],
    pending: new Map([...branch.pending].map(([qubit, ids]) => [qubit, [...ids]])),
    qubitOf: new Map(branch.qubitOf),
    todo: [...branch.todo],
  };
}

function postpone(branch: Branch, qubit: number, id: number): void {
  const ids = branch.pending.get(qubit);
  if (ids) ids.push(id);
  else branch.pending.set(qubit, [id]);
  branch.qubitOf.set(id, qubit);
}

/** The qubits whose pending outcome a gate could change: a control, or any qubit of a diagonal gate, commutes with the measurement. */
function disturbed(gate: Gate): readonly number[] {
  return isDiagonal(gate.matrix) ? [] : gate.targets;
}

function qubitsOf(operation: Operation): readonly number[] {
  switch (operation.kind) {
    case 'gate':
      return [...operation.controls, ...operation.targets];
    case 'reset':
    case 'measure':
      return [operation.qubit];
    case 'barrier':
    case 'delay':
      return operation.qubits;
    case 'need':
      return [];
  }
}

function resetOf(qubit: number): Event {
  return {
    probabilities: (state) => outcomesOf(state, qubit),
    happen: ({ state }, outcome) => {
      state.collapse(qubit, outcome as 0 | 1);
      if (outcome === 1) state.apply(pauliGate('x', qubit));
    },
  };
}

/** Rounding leaves probabilities of 1e-16 where there are none: a certain outcome must come every time. */
const CERTAIN = 1e-12;

function outcomesOf(state: QuantumState, qubit: number): readonly number[] {
  const one = state.probabilityOfOne(qubit);
  if (one < CERTAIN) return [1, 0];
  return one > 1 - CERTAIN ? [0, 1] : [1 - one, one];
}
