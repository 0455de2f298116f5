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
export const store = (address: Code, value: Code, offset = 0): Code => [
  [address, value, simd(11)],
  [4, unsigned(offset)],
];
/** One 64-bit float at `address` + `offset` bytes, in both places of a vector. */
export const loadTwice = (address: Code, offset: number): Code => [address, simd(10), 3, unsigned(offset)];

export const plus = binary(simd(0xf0));
export const times = binary(simd(0xf2));
/** Two of the floats of a vector (i8x16.shuffle of the vector with itself). */
const shuffled = (vector: Code, first: 0 | 1, second: 0 | 1): Code => {
  const bytes = [first, second].flatMap((place) => Array.from({ length: 8 }, (_, byte) => 8 * place + byte));
  return [vector, vector, simd(13), bytes];
};
export const exchanged = (vector: Code): Code => shuffled(vector, 1, 0);
export const firstTwice = (vector: Code): Code => shuffled(vector, 0, 0);
export const secondTwice = (vector: Code): Code => shuffled(vector, 1, 1);

/** The vector of these two floats. */
export const floats = (first: number, second: number): Code => [
  simd(12),
  [...new Uint8Array(Float64Array.of(first, second).buffer)],
];
