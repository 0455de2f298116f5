import type { Gate, Run } from './operation.ts';

/** Amplitudes, re and im interleaved; bit q of a place is qubit q. */
type Amplitudes = Float64Array;

/**
 * The exact distribution of a run's registers, by following both outcomes of every measurement: a small simulator for tests, with
 * every measurement made at once. Keys as in the corpus: last register left-most, bit n-1 first, one space between registers.
 */
export function distributionOf(run: Run, qubits: number, sizes: readonly number[]): Map<string, number> {
  const result = new Map<string, number>();
  const first = new Float64Array(2 * 2 ** qubits);
  first[0] = 1;
  const ways: { run: Run; state: Amplitudes }[] = [{ run, state: first }];
  for (let way = ways.pop(); way; way = ways.pop()) {
    const { run: here, state } = way;
    let ended = true;
    for (let operation = here.next(); operation; operation = here.next()) {
      if (operation.kind === 'gate') applyGate(state, operation);
      else if (operation.kind === 'measure' || operation.kind === 'reset') {
        ended = false;
        for (const outcome of [0, 1] as const) {
          const after = project(state, operation.qubit, outcome, operation.kind === 'reset');
          if (normOf(after) < 1e-13) continue;
          const copy = here.copy();
          if (operation.kind === 'measure') copy.resolve(operation.id, outcome);
          ways.push({ run: copy, state: after });
        }
        break;
      } else if (operation.kind === 'need') throw new Error('every measurement is resolved at once');
    }
    if (!ended) continue;
    const key = keyOf(here.bits(), sizes);
    result.set(key, (result.get(key) ?? 0) + normOf(state));
  }
  return result;
}

function keyOf(bits: Int32Array, sizes: readonly number[]): string {
  let at = 0;
  const words = sizes.map((size) => {
    const word = [...bits.subarray(at, at + size)].reverse().join('');
    at += size;
    return word;
  });
  return words.reverse().join(' ');
}

function applyGate(state: Amplitudes, gate: Gate): void {
  const inner = 2 ** gate.targets.length;
  const spread = Array.from({ length: inner }, (_, row) =>
    gate.targets.reduce((bits, target, j) => bits | (((row >> j) & 1) << target), 0),
  );
  for (let place = 0; place < state.length / 2; place++) {
    if ((place & (spread[inner - 1] as number)) !== 0) continue;
    if (!gate.controls.every((control, i) => ((place >> control) & 1) === (gate.polarity?.[i] ?? 1)))
      continue;
    const before = spread.map((bits) => [
      state[2 * (place | bits)] as number,
      state[2 * (place | bits) + 1] as number,
    ]);
    for (let i = 0; i < inner; i++) {
      let [re, im] = [0, 0];
      for (const [j, [a, b]] of (before as [number, number][]).entries()) {
        const c = gate.matrix[2 * (i * inner + j)] as number;
        const d = gate.matrix[2 * (i * inner + j) + 1] as number;
        re += a * c - b * d;
        im += a * d + b * c;
      }
      state[2 * (place | (spread[i] as number))] = re;
      state[2 * (place | (spread[i] as number)) + 1] = im;
    }
  }
}

function project(state: Amplitudes, qubit: number, outcome: number, reset: boolean): Amplitudes {
  const result = new Float64Array(state.length);
  for (let place = 0; place < state.length / 2; place++) {
    if (((place >> qubit) & 1) !== outcome) continue;
    const to = reset ? place & ~(1 << qubit) : place;
    result[2 * to] = state[2 * place] as number;
    result[2 * to + 1] = state[2 * place + 1] as number;
  }
  return result;
}

function normOf(state: Amplitudes): number {
  return state.reduce((sum, value) => sum + value * value, 0);
}
