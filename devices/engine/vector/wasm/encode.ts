/** Bytes of WebAssembly instructions, nested as the expressions are: laid flat once, when the module is encoded. */
export type Code = readonly (number | Code)[];

/** A function whose parameters are integers; its locals are further integers, then vectors of two 64-bit floats. */
export type WasmFunction = {
  readonly name: string;
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
};

const I32 = 0x7f;
const V128 = 0x7b;
const FUNCTION = 0x60;
const END = 0x0b;
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** A module that exports these functions and takes its memory as `host.memory` (webassembly.github.io/spec/core/binary). */
export function encodeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [FUNCTION, list(Array(parameters).fill(I32)), list([])]);
  const indices = functions.map((_, index) => unsigned(index));
  const exported = functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)]);
  const memory = [text('host'), text('memory'), 0x02, 0x00, unsigned(0)];
  const module = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(SECTION.type, types),
    section(SECTION.import, [memory]),
    section(SECTION.function, indices),
    section(SECTION.export, exported),
    section(SECTION.code, functions.map(codeOf)),
  ];
  return Uint8Array.from(flat(module));
}

function codeOf({ integers, vectors, body }: WasmFunction): Code {
  const locals = list([
    [unsigned(integers), I32],
    [unsigned(vectors), V128],
  ]);
  return sized([locals, body, END]);
}

function section(id: number, items: readonly Code[]): Code {
  return [id, sized(list(items))];
}

function list(items: Code): Code {
  return [unsigned(items.length), items];
}

function text(characters: string): Code {
  return list([...characters].map((character) => character.charCodeAt(0)));
}

function sized(code: Code): Code {
  const bytes = flat(code);
  return [unsigned(bytes.length), bytes];
}

/** By hand: `flat(Infinity)` takes several times as long, and every fresh process encodes the module. */
function flat(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flat(part, into);
  }
  return into;
}

/** LEB128, as all numbers of the format are written. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, unsigned(value >>> 7)];
}

export function signed(value: number): Code {
  const rest = value >> 6;
  return rest === 0 || rest === -1 ? [value & 0x7f] : [(value & 0x7f) | 0x80, signed(value >> 7)];
}
