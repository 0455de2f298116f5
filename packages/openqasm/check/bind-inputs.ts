import type { InputVariable, ScalarType, Type, Value } from '../program/ir.ts';
import { bitsFromText, convertValue } from '../program/values/index.ts';
import { fitsInteger } from '../program/values/integers.ts';
import { FLOAT, typeName } from '../program/values/types.ts';
import type { Finding } from '../source/diagnostic.ts';
import { MOST_FINDINGS } from '../source/findings.ts';
import { suggest } from '../source/suggest.ts';

/** Of the names that would have been right: a program may declare thousands. */
const MOST_NAMES = 20;

export type Given = Readonly<Record<string, unknown>>;
export type Bound = { readonly values: ReadonlyMap<number, Value>; readonly findings: readonly Finding[] };

/**
 * Values for a program's inputs from what a caller gives (`inputSchema` says what that is). Exact: each input that is missing, unknown or out
 * of its range is told by name, at its declaration; unknown ones at the program's start. Of more than `MOST_FINDINGS` the last
 * finding tells how many more there are: a caller chooses how many inputs they give.
 */
export function bindInputs(inputs: readonly InputVariable[], given: Given): Bound {
  const values = new Map<number, Value>();
  const told = new FirstFindings();
  for (const input of inputs) {
    if (!Object.hasOwn(given, input.name)) {
      told.add(() => finding(input, `The input ${input.name} is missing.`, typeName(input.type)));
      continue;
    }
    const value = readValue(given[input.name], input.type);
    if (value !== undefined) values.set(input.slot, value);
    else told.add(() => wrongValue(input, given[input.name]));
  }
  const names = new Set(inputs.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (!names.has(name)) told.add(() => unknownInput(name, [...names]));
  }
  return { values, findings: told.all() };
}

/** The first ones are made; the others are counted only, since the words for them would take more work than the program. */
class FirstFindings {
  readonly #first: Finding[] = [];
  #more = 0;

  add(make: () => Finding): void {
    if (this.#first.length < MOST_FINDINGS) this.#first.push(make());
    else this.#more += 1;
  }

  all(): readonly Finding[] {
    if (this.#more === 0) return this.#first;
    const message = this.#more === 1 ? '1 more input is wrong.' : `${this.#more} more inputs are wrong.`;
    return [...this.#first, finding({ start: 0, end: 0 }, message, 'the ones before corrected first')];
  }
}

function wrongValue(input: InputVariable, given: unknown): Finding {
  return finding(input, `The input ${input.name} cannot be ${show(given)}.`, expected(input.type));
}

function unknownInput(name: string, names: readonly string[]): Finding {
  const near = suggest(name, names);
  const known = names.slice(0, MOST_NAMES).join(', ') || 'no inputs';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return {
    ...finding({ start: 0, end: 0 }, `The program has no input ${brief(name)}.`, known + more),
    ...(near === undefined ? {} : { suggestion: `did you mean '${near}'?` }),
  };
}

function finding(span: { start: number; end: number }, message: string, what: string): Finding {
  return { start: span.start, end: span.end, code: 'input', message, expected: what };
}

function readValue(given: unknown, type: Type): Value | undefined {
  if (type.kind !== 'array') return readScalar(given, type);
  const elements: Value[] = [];
  const sizes = type.sizes.map((size) => size ?? 0);
  return readRow(given, type.element, sizes, 0, elements) ? { sizes, elements } : undefined;
}

function readRow(
  given: unknown,
  element: ScalarType,
  sizes: readonly number[],
  depth: number,
  into: Value[],
): boolean {
  if (depth === sizes.length) {
    const value = readScalar(given, element);
    if (value !== undefined) into.push(value);
    return value !== undefined;
  }
  if (!Array.isArray(given) || given.length !== sizes[depth]) return false;
  return given.every((row) => readRow(row, element, sizes, depth + 1, into));
}

function readScalar(given: unknown, type: ScalarType): Value | undefined {
  switch (type.kind) {
    case 'bool':
      return typeof given === 'boolean' ? given : undefined;
    case 'bits':
      return readBits(given, type);
    case 'int':
    case 'uint': {
      const value = readInteger(given);
      return value !== undefined && fitsInteger(value, type) ? value : undefined;
    }
    case 'float':
    case 'angle':
      return isNumber(given) ? convertValue(given, FLOAT, type) : undefined;
    case 'complex': {
      if (!Array.isArray(given) || given.length !== 2 || !given.every(isNumber)) return undefined;
      return convertValue([given[0] as number, given[1] as number], { kind: 'complex', width: 64 }, type);
    }
    case 'duration':
      return isNumber(given) ? given : undefined;
  }
}

function readBits(given: unknown, type: ScalarType & { kind: 'bits' }): Int32Array | undefined {
  const text =
    type.lone && (typeof given === 'boolean' || given === 0 || given === 1) ? `${Number(given)}` : given;
  if (typeof text !== 'string' || text.length !== type.width || !/^[01]*$/.test(text)) return undefined;
  return bitsFromText(text);
}

/** The number of digits is bounded by the widest type, so that nothing long is computed. */
function readInteger(given: unknown): bigint | undefined {
  if (typeof given === 'bigint') return given;
  if (typeof given === 'number') return Number.isSafeInteger(given) ? BigInt(given) : undefined;
  if (typeof given === 'string' && given.length < 3000 && /^-?[0-9]+$/.test(given)) return BigInt(given);
  return undefined;
}

function isNumber(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}

function expected(type: Type): string {
  if (type.kind === 'array') return `nested lists for ${typeName(type)}`;
  switch (type.kind) {
    case 'bits':
      return type.lone ? '0 or 1' : `a string of ${type.width} characters 0 or 1`;
    case 'bool':
      return 'true or false';
    case 'int':
    case 'uint':
      return `a whole number that fits into ${typeName(type)}; beyond 2^53 as a string of digits`;
    case 'complex':
      return 'a list [re, im] of two numbers';
    default:
      return 'a finite number';
  }
}

function show(given: unknown): string {
  if (typeof given === 'bigint') return brief(given.toString());
  const text = JSON.stringify(given);
  return text === undefined ? `${typeof given}` : brief(text);
}

function brief(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}
