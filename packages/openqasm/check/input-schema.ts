import type { InputVariable, ScalarType, Type } from '../program/ir.ts';
import { typeName } from '../program/values/types.ts';

/** A JSON Schema (2020-12) as far as inputs need one. */
export type JsonSchema = { readonly [key: string]: unknown };

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What may be given as a program's inputs: an object with one property for each, all required, no others. */
export function inputSchema(inputs: readonly InputVariable[]): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(inputs.map(({ name, type }) => [name, typeSchema(type)])),
    required: inputs.map(({ name }) => name),
    additionalProperties: false,
  };
}

function typeSchema(type: Type): JsonSchema {
  const title = typeName(type);
  if (type.kind !== 'array') return { title, ...scalarSchema(type) };
  let schema = scalarSchema(type.element);
  for (const size of [...type.sizes].reverse()) {
    schema = { type: 'array', items: schema, minItems: size, maxItems: size };
  }
  return { title, ...schema };
}

function scalarSchema(type: ScalarType): JsonSchema {
  switch (type.kind) {
    case 'bool':
      return { type: 'boolean' };
    case 'bits':
      if (type.lone) return { enum: [0, 1, false, true, '0', '1'] };
      return { type: 'string', pattern: `^[01]{${type.width}}$`, description: 'the last character is bit 0' };
    case 'int':
      return integerSchema(-(1n << BigInt(type.width - 1)), (1n << BigInt(type.width - 1)) - 1n);
    case 'uint':
      return integerSchema(0n, (1n << BigInt(type.width)) - 1n);
    case 'float':
      return { type: 'number' };
    case 'angle':
      return { type: 'number', description: 'radians, taken modulo 2 pi' };
    case 'complex':
      return { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, description: '[re, im]' };
    case 'duration':
      return { type: 'number', description: 'seconds' };
  }
}

/** Numbers as far as JSON's are exact, digits in a string beyond. */
function integerSchema(least: bigint, most: bigint): JsonSchema {
  const minimum = least < -SAFE ? -SAFE : least;
  const maximum = most > SAFE ? SAFE : most;
  const number = { type: 'integer', minimum: Number(minimum), maximum: Number(maximum) };
  const pattern = least < 0n ? '^-?[0-9]+$' : '^[0-9]+$';
  return {
    anyOf: [
      number,
      { type: 'string', pattern, description: `a whole number from ${brief(least)} to ${brief(most)}` },
    ],
  };
}

function brief(value: bigint): string {
  const text = value.toString();
  return text.length <= 40 ? text : `${text.slice(0, 12)}... (${text.length} digits)`;
}
