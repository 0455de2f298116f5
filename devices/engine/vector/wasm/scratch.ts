import { MOST_WAITING } from '../windows.ts';
import { FACTOR_BYTES, kernelModule } from './kernels.ts';

type Matrix2 = (
  ...args: [end: number, fixed: number, ones: number, entries: number, bit: number, s0: number, s1: number]
) => void;
type Matrix4 = (
  ...args: [end: number, fixed: number, ones: number, entries: number, bit0: number, bit1: number]
) => void;

/** The kernels of `kernels.ts`; all arguments are integers, addresses in bytes. */
type Kernels = {
  phase(end: number, fixed: number, ones: number, factor: number, step0: number, step1: number): void;
  exchange(end: number, fixed: number, first: number, second: number, step0: number, step1: number): void;
  multiply(end: number, table: number): void;
  readonly real2: Matrix2;
  readonly complex2: Matrix2;
  readonly real4: Matrix4;
  readonly complex4: Matrix4;
};

/**
 * Qubits of a block: 256 KiB, a quarter of a core's L2. Measured on 22 qubits, two layers of h and cx (ns an amplitude, three passes
 * each but for 11 with four): 65 with 11, 37 with 12, 35 with 13, 33 with 14 and 15.
 */
export const BLOCK_QUBITS = 14;
/** Kernels step over two qubits that no gate names; where a block has none left they run into the room behind it. */
const ROOM_QUBITS = 2;
const PAGE = 65_536;
/** Tables of phases in a pass (`merge-phases.ts`), each as large as a block. */
export const TABLES = 4;
const TABLE_BYTES = 16 * 2 ** (BLOCK_QUBITS + ROOM_QUBITS);

/** A gate takes 16 at most. */
const FACTORS = 16 * MOST_WAITING;

/** What is used of it here: the types of Node leave WebAssembly to those of browsers. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
    Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    Instance: new (module: object, imports: Record<string, object>) => { readonly exports: unknown };
  };
};

/** The memory of the kernels: one block of amplitudes, tables of phases, then the factors of a pass. One for the process, and empty between passes. */
export type Scratch = {
  readonly kernels: Kernels;
  readonly block: Float64Array;
  /** A table's numbers and its address, whose bits no address in a block has. */
  table(index: number): { readonly numbers: Float64Array; readonly address: number };
  readonly factors: Float64Array;
  /** Address of the first factor. */
  readonly factorsAt: number;
};

let made: Scratch | undefined;

export function scratch(): Scratch {
  made ??= makeScratch();
  return made;
}

function makeScratch(): Scratch {
  const factorsAt = (1 + TABLES) * TABLE_BYTES;
  const pages = Math.ceil((factorsAt + FACTORS * FACTOR_BYTES) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(kernelModule()), { host: { memory } });
  return {
    kernels: exports as Kernels,
    block: new Float64Array(memory.buffer, 0, 2 * 2 ** BLOCK_QUBITS),
    table(index) {
      const address = (1 + index) * TABLE_BYTES;
      return { address, numbers: new Float64Array(memory.buffer, address, 2 * 2 ** BLOCK_QUBITS) };
    },
    factors: new Float64Array(memory.buffer, factorsAt, (FACTORS * FACTOR_BYTES) / 8),
    factorsAt,
  };
}
