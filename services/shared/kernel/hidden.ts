import { inspect } from 'node:util';

const shown = '[hidden]';

/**
 * A value that must not be printed by accident. Logs, JSON, templates, `console.log` and error messages show `[hidden]`;
 * `reveal()` is the only way to the value and easy to find in a review.
 */
export class Hidden<Value> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [Symbol.toPrimitive](): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
