import type { GateDefinition } from '../ir.ts';
import type { Budget } from './budget.ts';
import type { Codes } from './code.ts';
import type { Body, Call } from './shape.ts';

/** Runs a gate's body with numbers for its parameters and lists the calls in it. */
export type Unroll = (
  templates: Templates,
  gate: GateDefinition,
  parameters: readonly number[],
  budget: Budget,
) => readonly Call[];

/** The bodies of a unit's gates, made when they are first entered. */
export class Templates {
  readonly codes: Codes;
  readonly #unroll: Unroll;
  /** By gate, the last one: the only one for a gate without parameters, and often enough the next one for others. */
  readonly #last: { readonly parameters: readonly number[]; readonly body: Body }[] = [];

  constructor(codes: Codes, unroll: Unroll) {
    this.codes = codes;
    this.#unroll = unroll;
  }

  bodyOf(index: number, parameters: readonly number[]): Body {
    const last = this.#last[index];
    if (last?.parameters.every((value, at) => value === parameters[at])) return last.body;
    const gate = this.codes.unit.gates[index];
    if (gate === undefined) throw new RangeError(`no gate ${index}`);
    let calls: readonly Call[] | undefined;
    const body: Body = {
      calls: (budget) => {
        calls ??= this.#unroll(this, gate, parameters, budget);
        return calls;
      },
    };
    this.#last[index] = { parameters, body };
    return body;
  }
}
