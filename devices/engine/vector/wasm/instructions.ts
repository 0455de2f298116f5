import { type Code, signed, unsigned } from './encode.ts';

const VOID = 0x40;
const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];
const binary =
  (opcode: Code) =>
  (left: Code, right: Code): Code => [left, right, opcode];

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
export const constant = (value: number): Code => [0x41, signed(value)];

export const notEqual = binary([0x47]);
export const add = binary([0x6a]);
export const and = binary([0x71]);
export const or = binary([0x72]);
export const xor = binary([0x73]);

/** Repeats `body` as long as `condition` holds after it. */
export const repeat = (body: Code, condition: Code): Code => {
  const [LOOP, BRANCH_IF, END] = [0x03, 0x0d, 0x0b];
  return [LOOP, VOID, body, condition, BRANCH_IF, 0, END];
};

/** Two 64-bit floats at `address` + `offset` bytes; the hint (2^4) says that addresses are multiples of 16. */
export const load = (address: Code, offset = 0): Code => [address, simd(0), 4, unsigned(offset)];
export const store = (address: Code, value: Code): Code => [address, value, simd(11), 4, 0];
/** One 64-bit float at `address` + `offset` bytes, in both places of a vector. */
export const loadTwice = (address: Code, offset: number): Code => [address, simd(10), 3, unsigned(offset)];

export const plus = binary(simd(0xf0));
export const times = binary(simd(0xf2));
/** The two floats of a vector exchanged (i8x16.shuffle). */
export const exchanged = (vector: Code): Code => [
  [vector, vector, simd(13)],
  [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
];
