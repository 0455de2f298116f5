import type { Unit } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import { Findings } from '../source/findings.ts';
import type { Limits } from '../source/limits.ts';
import type { Statement } from '../syntax/ast.ts';
import { type Context, newContext, type Rules, Stop } from './context.ts';
import { expressionRule } from './expressions.ts';
import type { Feature } from './feature-list.ts';
import { checkStatement } from './statements.ts';

const RULES: Rules = { expression: expressionRule, statement: checkStatement };

export type Checked = {
  readonly unit: Unit;
  /** What the tree shows and the unit does not: the first place of each. */
  readonly features: ReadonlyMap<Feature, Span>;
};

/**
 * Checks a program's statements one after another and makes the unit that the machine runs. What is wrong goes to `findings`
 * (several in one pass; none follows from another one); the unit is whole only where nothing is wrong.
 */
export class Check {
  readonly findings = new Findings();
  readonly #context: Context;

  /** @param deadline when to give up, in milliseconds of `performance.now()` */
  constructor(version: 2 | 3, limits: Limits, deadline: number) {
    this.#context = newContext(RULES, version, limits, this.findings, deadline);
  }

  /** False: a limit was reached and told, nothing further is checked. */
  take(statement: Statement): boolean {
    try {
      checkStatement(this.#context, statement);
      return true;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return false;
    }
  }

  checked(): Checked {
    const context = this.#context;
    const unit: Unit = {
      version: context.version,
      qubits: context.qubits,
      qubitCount: context.qubitCount,
      registers: context.registers,
      inputs: context.inputs,
      gates: context.gates,
      subroutines: context.subroutines,
      slots: context.globalSlots,
      body: context.out,
    };
    return { unit, features: context.features };
  }
}
