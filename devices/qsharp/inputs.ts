import type { Inputs, JsonSchema, ProgramErrors } from '@quantum-hub/execution/ports';
import type { Diagnostic } from '@quantum-hub/openqasm';
import type { EntryPoint, Parameter, Pattern, QsharpType } from './entry-point.ts';

/** A caller chooses how many inputs they give; as many are told as OpenQASM tells. */
const MOST_UNKNOWN = 50;

/** What may be given as values of an entry point's parameters. */
export function parameterSchema(entryPoint: EntryPoint | undefined): JsonSchema {
  const parameters = entryPoint === undefined ? [] : leavesOf(entryPoint.parameters);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, type }) => [name, schemaOf(type)])),
    required: parameters.map(({ name }) => name),
    additionalProperties: false,
  };
}

export type Call =
  | { readonly ok: true; readonly expression: string }
  | { readonly ok: false; readonly errors: ProgramErrors };

/**
 * The call of the entry point with its parameters' values: exact, all faults at once. Without an entry point with parameters the
 * expression is empty, which runs the program as it stands.
 */
export function callOf(entryPoint: EntryPoint | undefined, inputs: Inputs = {}): Call {
  const parameters = entryPoint === undefined ? [] : leavesOf(entryPoint.parameters);
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = Object.keys(inputs).filter((name) => !known.has(name));
  const errors = unknown.slice(0, MOST_UNKNOWN).map((name) => unknownInput(name, known));
  if (unknown.length > MOST_UNKNOWN) errors.push(moreUnknown(unknown.length - MOST_UNKNOWN));
  const expression = (pattern: Pattern): string => {
    if ('parts' in pattern) return `(${pattern.parts.map(expression).join(', ')})`;
    const literal = givenLiteral(pattern, inputs);
    if (typeof literal === 'string') return literal;
    errors.push(literal);
    return '';
  };
  if (entryPoint === undefined)
    return errors.length > 0 ? { ok: false, errors } : { ok: true, expression: '' };
  const values = expression(entryPoint.parameters);
  if (errors.length > 0) return { ok: false, errors };
  const whole = 'parts' in entryPoint.parameters ? values : `(${values})`;
  return { ok: true, expression: `${entryPoint.name}${whole}` };
}

function leavesOf(pattern: Pattern): readonly Parameter[] {
  return 'parts' in pattern ? pattern.parts.flatMap(leavesOf) : [pattern];
}

function unknownInput(name: string, known: ReadonlySet<string>): Diagnostic {
  const expected = known.size === 0 ? 'no inputs' : `the inputs ${[...known].join(', ')}`;
  const message = `the entry point has no parameter "${name.slice(0, 100)}"`;
  return { line: 1, column: 1, length: 1, code: 'input', message, expected };
}

function moreUnknown(count: number): Diagnostic {
  const message = `the entry point has no parameters of the names of ${count} more inputs`;
  return {
    line: 1,
    column: 1,
    length: 1,
    code: 'input',
    message,
    expected: 'the ones before corrected first',
  };
}

function givenLiteral({ name, type, place }: Parameter, inputs: Inputs): string | Diagnostic {
  const expected = `${textOf(type)}: ${describe(type)}`;
  if (!isGivable(type)) {
    const message = `the parameter "${name}" has the type ${textOf(type)}, for which no value can be given`;
    return {
      ...place,
      code: 'input',
      message,
      expected: 'numbers, texts, Bool, Pauli, Result, arrays and tuples of them',
    };
  }
  if (!Object.hasOwn(inputs, name)) {
    return { ...place, code: 'input', message: `the input "${name}" is missing`, expected };
  }
  const literal = literalOf(type, inputs[name]);
  if (literal !== undefined) return literal;
  const given = JSON.stringify(inputs[name])?.slice(0, 100);
  return { ...place, code: 'input', message: `the input "${name}" is ${given}`, expected };
}

function isGivable(type: QsharpType): boolean {
  if (type.kind === 'array') return isGivable(type.element);
  return type.kind === 'tuple' ? type.parts.every(isGivable) : type.kind !== 'other';
}

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;
const PAULIS: readonly unknown[] = ['PauliI', 'PauliX', 'PauliY', 'PauliZ'];

/** A value as Q# writes it; undefined for one that is not of the type. Nothing is converted. */
function literalOf(type: QsharpType, value: unknown): string | undefined {
  switch (type.kind) {
    case 'Int': {
      const whole = wholeNumber(value);
      return whole !== undefined && whole >= LEAST && whole <= MOST ? `(${whole})` : undefined;
    }
    case 'BigInt': {
      const whole = wholeNumber(value);
      return whole === undefined ? undefined : `(${whole}L)`;
    }
    case 'Double':
      return typeof value === 'number' && Number.isFinite(value) ? `(${doubleText(value)})` : undefined;
    case 'Bool':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'String':
      return typeof value === 'string' ? `"${value.replace(/[\\"]/g, '\\$&')}"` : undefined;
    case 'Pauli':
      return PAULIS.includes(value) ? String(value) : undefined;
    case 'Result':
      return value === 'Zero' || value === 'One' ? value : undefined;
    case 'array':
      return Array.isArray(value)
        ? listOf(
            value.map((item) => literalOf(type.element, item)),
            '[]',
          )
        : undefined;
    case 'tuple': {
      if (!Array.isArray(value) || value.length !== type.parts.length) return undefined;
      return listOf(
        type.parts.map((part, index) => literalOf(part, value[index])),
        '()',
      );
    }
    case 'other':
      return undefined;
  }
}

function listOf(items: readonly (string | undefined)[], [open, close]: string): string | undefined {
  return items.includes(undefined) ? undefined : `${open}${items.join(', ')}${close}`;
}

/** As far as JSON's numbers are exact, digits in a string beyond: the rule of OpenQASM's inputs too. */
function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?[0-9]{1,10000}$/.test(value) ? BigInt(value) : undefined;
}

/** Q# tells a Double from an Int by its point. */
function doubleText(value: number): string {
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function textOf(type: QsharpType): string {
  if (type.kind === 'array') return `${textOf(type.element)}[]`;
  if (type.kind === 'tuple') return `(${type.parts.map(textOf).join(', ')})`;
  return type.kind === 'other' ? type.text : type.kind;
}

function describe(type: QsharpType): string {
  switch (type.kind) {
    case 'Int':
    case 'BigInt':
      return 'a whole number, as digits in a string where it is beyond 2^53';
    case 'Double':
      return 'a number';
    case 'Bool':
      return 'true or false';
    case 'String':
      return 'a text';
    case 'Pauli':
      return '"PauliI", "PauliX", "PauliY" or "PauliZ"';
    case 'Result':
      return '"Zero" or "One"';
    case 'array':
      return 'a list';
    case 'tuple':
      return `a list of ${type.parts.length} values`;
    case 'other':
      return 'nothing that can be given';
  }
}

function schemaOf(type: QsharpType): JsonSchema {
  const title = textOf(type);
  switch (type.kind) {
    case 'Int':
    case 'BigInt': {
      const number = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
      return { title, anyOf: [number, { type: 'string', pattern: '^-?[0-9]+$' }] };
    }
    case 'Double':
      return { title, type: 'number' };
    case 'Bool':
      return { title, type: 'boolean' };
    case 'String':
      return { title, type: 'string' };
    case 'Pauli':
      return { title, enum: PAULIS };
    case 'Result':
      return { title, enum: ['Zero', 'One'] };
    case 'array':
      return { title, type: 'array', items: schemaOf(type.element) };
    case 'tuple':
      return {
        title,
        type: 'array',
        prefixItems: type.parts.map(schemaOf),
        minItems: type.parts.length,
        items: false,
      };
    case 'other':
      return { title, not: {} };
  }
}
