import { type Code, encodeModule, type WasmFunction } from './encode.ts';
import * as wasm from './instructions.ts';

const { get, set, load, loadTwice, store, plus, times } = wasm;

/*
 * The inner loops, in SIMD: V8 makes no vector instructions out of JavaScript. Amplitudes lie interleaved, 16 bytes each, so that a
 * vector register holds one amplitude and every qubit, the lowest too, is a bit of its address. Measured on an EPYC at 2.6 GHz with a
 * block in L2, per gate and amplitude: 0.40 ns for a real 2 x 2 matrix, 0.67 for a complex one, 0.14 for cx, 0.11 for a controlled
 * phase. A matrix of two qubits takes 0.70 real and 1.8 complex, two of one qubit and a cx 0.94 and 1.5: gates of two qubits are not
 * multiplied together. Multiply-and-add in one rounding (relaxed SIMD) is left out: machines without it round twice, and the same seed
 * must give the same counts everywhere.
 *
 * A kernel goes through all values of the address bits outside of `fixed` (which holds the low four), from 0 to `end`:
 * `((base | fixed) + 1) & ~fixed` lets the carry run over the fixed bits, so that one loop serves any controls and targets. The chain of
 * these three instructions is three cycles long and the arithmetic shorter: hence `steps`, two more fixed bits whose four values
 * a turn of the loop does together.
 */
type Local = number;

/** The locals that a sweep needs; the first two are parameters. */
type Frame = {
  readonly end: Local;
  readonly fixed: Local;
  readonly free: Local;
  readonly base: Local;
};

function sweep({ end, fixed, free, base }: Frame, body: Code): Code {
  const next = wasm.and(wasm.add(wasm.or(get(base), get(fixed)), wasm.constant(1)), get(free));
  return [
    set(free, wasm.xor(get(fixed), wasm.constant(-1))),
    wasm.repeat([body, set(base, next)], wasm.notEqual(get(base), get(end))),
  ];
}

/** `from` and its sums with the bits, as code of addresses. */
function sums(from: Code, bits: readonly Local[]): Code[] {
  return bits.reduce<Code[]>(
    (all, bit) => all.concat(all.map((address) => wasm.or(address, get(bit)))),
    [from],
  );
}

/** (re, re) x (r, m) + (-im, im) x (m, r): a complex number times the amplitude in `value`, whose exchange is in `exchanged`. */
type Factor = { readonly re: Local; readonly im: Local | undefined };
const product = ({ re, im }: Factor, value: Code, exchanged: Code): Code =>
  im === undefined ? times(get(re), value) : plus(times(get(re), value), times(get(im), exchanged));

/** Bytes of a complex number as the kernels read it: re, unused, -im, im. */
export const FACTOR_BYTES = 32;
const readFactor = ({ re, im }: Factor, address: Code, index: number): Code => [
  set(re, loadTwice(address, FACTOR_BYTES * index)),
  im === undefined ? [] : set(im, load(address, FACTOR_BYTES * index + 16)),
];

/** `phase(end, fixed, ones, factor, step0, step1)`: amplitudes at base | ones times one complex number. */
function phase(): WasmFunction {
  const [end, fixed, ones, factor, step0, step1, free, base, at, re, im, value] = count(12);
  const each = sums(wasm.or(get(base), get(ones)), [step0, step1]).map((address) => [
    set(at, address),
    set(value, load(get(at))),
    store(get(at), product({ re, im }, get(value), wasm.exchanged(get(value)))),
  ]);
  const body = [readFactor({ re, im }, get(factor), 0), sweep({ end, fixed, free, base }, each)];
  return { name: 'phase', parameters: 6, integers: 3, vectors: 3, body };
}

/** `exchange(end, fixed, first, second, step0, step1)`: amplitudes at base | first and base | second change places. */
function exchange(): WasmFunction {
  const [end, fixed, first, second, step0, step1, free, base, i, j, value] = count(11);
  const from = sums(wasm.or(get(base), get(first)), [step0, step1]);
  const to = sums(wasm.or(get(base), get(second)), [step0, step1]);
  const each = from.map((address, step) => [
    set(i, address),
    set(j, to[step] as Code),
    set(value, load(get(i))),
    store(get(i), load(get(j))),
    store(get(j), get(value)),
  ]);
  const body = sweep({ end, fixed, free, base }, each);
  return { name: 'exchange', parameters: 6, integers: 4, vectors: 1, body };
}

/** `multiply(end, table)`: the amplitudes times complex numbers at `table` and on, laid as they are; four at a time. */
function multiply(): WasmFunction {
  const [end, table, base, sign, value, factor] = count(6);
  const each = count(4).map((place) => [
    set(value, load(get(base), 16 * place)),
    set(factor, load(wasm.or(get(base), get(table)), 16 * place)),
    store(
      get(base),
      plus(
        times(wasm.firstTwice(get(factor)), get(value)),
        times(times(wasm.secondTwice(get(factor)), get(sign)), wasm.exchanged(get(value))),
      ),
      16 * place,
    ),
  ]);
  const next = set(base, wasm.add(get(base), wasm.constant(64)));
  const body = [set(sign, wasm.floats(-1, 1)), wasm.repeat([each, next], wasm.notEqual(get(base), get(end)))];
  return { name: 'multiply', parameters: 2, integers: 1, vectors: 3, body };
}

/**
 * `NAME(end, fixed, ones, matrix, bit..., step...)`: a square matrix on the qubits of one or two bits, row after row, each entry
 * `FACTOR_BYTES` long.
 */
function matrix(name: string, bits: number, isReal: boolean, steps: number): WasmFunction {
  const size = 2 ** bits;
  const rows = count(size);
  const [end, fixed, ones, entries] = count(4);
  const bitOf = (bit: number) => 4 + bit;
  const stepOf = (step: number) => 4 + bits + step;
  const free = 4 + bits + steps;
  const base = free + 1;
  const address = (row: number) => base + 1 + row;
  const vectors = address(size);
  const factor = (row: number, column: number): Factor => {
    const entry = row * size + column;
    return isReal
      ? { re: vectors + entry, im: undefined }
      : { re: vectors + 2 * entry, im: vectors + 2 * entry + 1 };
  };
  const value = (column: number) => vectors + (isReal ? 1 : 2) * size * size + column;
  const exchanged = (column: number) => value(size) + column;
  const addressOf = (row: number, start: Code) =>
    row === 0 ? start : wasm.or(get(address(row & (row - 1))), get(bitOf(Math.log2(row & -row))));
  const sum = (row: number) =>
    rows
      .map((column) => product(factor(row, column), get(value(column)), get(exchanged(column))))
      .reduce((all, term) => plus(all, term));
  const turn = (start: Code): Code => [
    rows.map((row) => set(address(row), addressOf(row, start))),
    rows.map((row) => set(value(row), load(get(address(row))))),
    isReal ? [] : rows.map((row) => set(exchanged(row), wasm.exchanged(get(value(row))))),
    rows.map((row) => store(get(address(row)), sum(row))),
  ];
  const starts = sums(wasm.or(get(base), get(ones)), count(steps).map(stepOf));
  const body = [
    rows.map((row) =>
      rows.map((column) => readFactor(factor(row, column), get(entries), row * size + column)),
    ),
    sweep({ end, fixed, free, base }, starts.map(turn)),
  ];
  return {
    name,
    parameters: 4 + bits + steps,
    integers: 2 + size,
    vectors: (isReal ? 1 : 2) * (size * size + size),
    body,
  };
}

/** 0, 1, 2 ...; the type is that of a list long enough for the locals of any kernel. */
function count(
  length: number,
): number[] &
  [number, number, number, number, number, number, number, number, number, number, number, number] {
  return Array.from({ length }, (_, index) => index) as never;
}

export const kernelModule = (): Uint8Array<ArrayBuffer> =>
  encodeModule([
    phase(),
    exchange(),
    multiply(),
    matrix('real2', 1, true, 2),
    matrix('complex2', 1, false, 2),
    matrix('real4', 2, true, 0),
    matrix('complex4', 2, false, 0),
  ]);
