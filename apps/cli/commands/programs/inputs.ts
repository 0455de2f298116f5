import type { JsonSchema } from '@quantum-hub/openqasm';
import { usageFault } from '../../faults.ts';

/**
 * `--input name=value`, several times, as an object. A value is JSON (`0.5`, `true`, `[1, 2]`); bits, which are texts, need no
 * quotes: `--input key=0110`.
 */
export function readInputs(
  pairs: readonly string[],
  schema: JsonSchema | Readonly<Record<string, unknown>>,
  help: string,
): Record<string, unknown> {
  const properties = (schema as { properties?: Record<string, { type?: unknown }> }).properties ?? {};
  const inputs: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined)
      throw usageFault(`--input is "${pair}"; expected name=value`, help);
    if (Object.hasOwn(inputs, name)) throw usageFault(`--input ${name} is given twice; expected once`, help);
    inputs[name] = properties[name]?.type === 'string' ? unquoted(value) : parsed(value);
  }
  return inputs;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // The program says what it expected instead.
    return value;
  }
}

function unquoted(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1) : value;
}
