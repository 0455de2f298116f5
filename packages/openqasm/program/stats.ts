import { isClifford } from '../gates/clifford.ts';
import type { Gate, Operation, Run } from './operation.ts';

/** Numbers about a program, as its runs have them: user gates and loops expanded, inputs bound. */
export type Stats = {
  /** All unitaries, global phases among them. */
  readonly gates: number;
  /** By name, controls before it: `h`, `cx`, `ccx`, `c3x`; `u` where a unitary has no name of its own. */
  readonly gatesByName: Readonly<Record<string, number>>;
  /** Gates that touch two qubits, and those that touch more, controls counted in. */
  readonly twoQubitGates: number;
  readonly multiQubitGates: number;
  /** t, tdg, and p or rz by an odd multiple of pi/4 (to 1e-9), without controls. */
  readonly tCount: number;
  /** Whether every gate is one of the Clifford group. */
  readonly clifford: boolean;
  /** The longest chain of gates and resets that wait for one another by their qubits; barriers count nothing but make wait. */
  readonly depth: number;
  /** The same with measurements counted in. */
  readonly depthWithMeasurements: number;
  readonly measurements: number;
  readonly resets: number;
  readonly qubitsUsed: number;
  /**
   * Whether the numbers are those of every run. Where a program reads outcomes, both ways of each are followed, and a number that
   * differs is the smallest of all runs and stands in `lowerBounds` (`clifford` is then that of all runs together). `some-runs`:
   * there are more than 64 ways through the program; only so many were followed.
   */
  readonly of: 'every-run' | 'some-runs';
  readonly lowerBounds: readonly string[];
};

const MOST_RUNS = 64;

/** @param run at its start; used up. @throws ProgramError where a way through the program fails */
export function stats(run: Run): Stats {
  const ways = [{ run, counter: new Counter() }];
  const done: Counter[] = [];
  let started = 1;
  let all = true;
  for (let way = ways.pop(); way; way = ways.pop()) {
    for (let operation = way.run.next(); operation; operation = way.run.next()) {
      if (operation.kind !== 'need') {
        way.counter.add(operation);
        continue;
      }
      if (started < MOST_RUNS) {
        const other = { run: way.run.copy(), counter: way.counter.copy() };
        other.run.resolve(operation.id, 1);
        ways.push(other);
        started++;
      } else all = false;
      way.run.resolve(operation.id, 0);
    }
    done.push(way.counter);
  }
  return together(done, all);
}

type Numbers = Omit<Stats, 'of' | 'lowerBounds' | 'gatesByName' | 'clifford'>;

function together(counters: readonly Counter[], all: boolean): Stats {
  const numbers = counters.map((counter) => counter.numbers());
  const lowerBounds: string[] = [];
  const least = (name: string, values: readonly number[]): number => {
    const smallest = Math.min(...values);
    if (values.some((value) => value !== smallest)) lowerBounds.push(name);
    return smallest;
  };
  const byField = Object.fromEntries(
    Object.keys(numbers[0] as Numbers).map((key) => [
      key,
      least(
        key,
        numbers.map((each) => each[key as keyof Numbers]),
      ),
    ]),
  ) as Numbers;
  const names = [...new Set(counters.flatMap((counter) => [...counter.byName.keys()]))].sort();
  const gatesByName = Object.fromEntries(
    names.map((name) => [
      name,
      least(
        `gatesByName.${name}`,
        counters.map((counter) => counter.byName.get(name) ?? 0),
      ),
    ]),
  );
  return {
    ...byField,
    gatesByName,
    clifford: counters.every((counter) => counter.clifford),
    of: all ? 'every-run' : 'some-runs',
    lowerBounds,
  };
}

class Counter {
  byName = new Map<string, number>();
  clifford = true;
  #gates = 0;
  #two = 0;
  #multi = 0;
  #t = 0;
  #measurements = 0;
  #resets = 0;
  #used = new Set<number>();
  /** By qubit: how deep it is, without and with measurements. */
  #levels: number[] = [];
  #levelsWithMeasurements: number[] = [];

  copy(): Counter {
    const copy = new Counter();
    copy.byName = new Map(this.byName);
    copy.clifford = this.clifford;
    copy.#gates = this.#gates;
    copy.#two = this.#two;
    copy.#multi = this.#multi;
    copy.#t = this.#t;
    copy.#measurements = this.#measurements;
    copy.#resets = this.#resets;
    copy.#used = new Set(this.#used);
    copy.#levels = this.#levels.slice();
    copy.#levelsWithMeasurements = this.#levelsWithMeasurements.slice();
    return copy;
  }

  add(operation: Exclude<Operation, { kind: 'need' }>): void {
    switch (operation.kind) {
      case 'gate':
        this.#gate(operation);
        return;
      case 'measure':
        this.#measurements++;
        this.#deepen([operation.qubit], 0, 1);
        return;
      case 'reset':
        this.#resets++;
        this.#deepen([operation.qubit], 1, 1);
        return;
      case 'barrier':
        wait(this.#levels, operation.qubits, 0);
        wait(this.#levelsWithMeasurements, operation.qubits, 0);
        return;
      case 'delay':
    }
  }

  numbers(): Numbers {
    return {
      gates: this.#gates,
      twoQubitGates: this.#two,
      multiQubitGates: this.#multi,
      tCount: this.#t,
      depth: deepest(this.#levels),
      depthWithMeasurements: deepest(this.#levelsWithMeasurements),
      measurements: this.#measurements,
      resets: this.#resets,
      qubitsUsed: this.#used.size,
    };
  }

  #gate(gate: Gate): void {
    const name = gateName(gate);
    this.byName.set(name, (this.byName.get(name) ?? 0) + 1);
    this.#gates++;
    const qubits = [...gate.controls, ...gate.targets];
    if (qubits.length === 2) this.#two++;
    if (qubits.length > 2) this.#multi++;
    if (isT(gate)) this.#t++;
    this.clifford &&= isClifford(gate);
    this.#deepen(qubits, 1, 1);
  }

  #deepen(qubits: readonly number[], by: number, byWithMeasurements: number): void {
    for (const qubit of qubits) this.#used.add(qubit);
    wait(this.#levels, qubits, by);
    wait(this.#levelsWithMeasurements, qubits, byWithMeasurements);
  }
}

/** `cx` for x with one control, `c3x` with three. */
export function gateName({ name, controls }: Gate): string {
  if (controls.length <= 2) return 'c'.repeat(controls.length) + name;
  return `c${controls.length}${name}`;
}

function wait(levels: number[], qubits: readonly number[], by: number): void {
  let level = 0;
  for (const qubit of qubits) level = Math.max(level, levels[qubit] ?? 0);
  for (const qubit of qubits) levels[qubit] = level + by;
}

function deepest(levels: readonly (number | undefined)[]): number {
  return levels.reduce<number>((most, level) => Math.max(most, level ?? 0), 0);
}

function isT({ name, parameters, controls }: Gate): boolean {
  if (controls.length > 0) return false;
  if (name === 't' || name === 'tdg') return true;
  if (name !== 'p' && name !== 'rz') return false;
  const eighths = (parameters[0] as number) / (Math.PI / 4);
  const whole = Math.round(eighths);
  return Math.abs(eighths - whole) < 1e-9 && whole % 2 !== 0;
}
