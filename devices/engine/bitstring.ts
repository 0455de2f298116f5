import type { ResultRegister } from '@quantum-hub/execution/ports';

const ZERO = '0'.charCodeAt(0);

/**
 * A bitstring under construction. Cells are counted register after register, bit 0 first; in the text the last register stands
 * left-most and each reads from its highest bit to bit 0, one space between registers.
 */
export function bitstrings(registers: readonly ResultRegister[]): {
  set(cell: number, bit: number): void;
  read(): string;
} {
  const bits = registers.reduce((sum, { size }) => sum + size, 0);
  const codes = new Uint8Array(bits + Math.max(0, registers.length - 1)).fill(' '.charCodeAt(0));
  const positions = new Int32Array(bits);
  let cell = 0;
  let end = codes.length;
  for (const { size } of registers) {
    for (let bit = 0; bit < size; bit++) positions[cell++] = end - 1 - bit;
    end -= size + 1;
  }
  const decoder = new TextDecoder('latin1');
  return {
    set: (at, bit) => {
      codes[positions[at] as number] = ZERO + bit;
    },
    read: () => decoder.decode(codes),
  };
}
