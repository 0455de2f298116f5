import type { Unit } from '../program/ir.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Findings } from '../source/findings.ts';
import type { Limits } from '../source/limits.ts';
import type { Program } from '../syntax/ast.ts';
import { newContext, type Rules, Stop } from './context.ts';
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
 * Checks a tree and makes the unit that the machine runs. What is wrong goes to `findings` (several in one pass; none follows from
 * another one); the unit is whole only where nothing is wrong.
 *
 * @param deadline when to give up, in milliseconds of `performance.now()`
 */
export function checkTree(program: Program, findings: Findings, limits: Limits, deadline: number): Checked {
  const context = newContext(RULES, program.version.major, limits, findings, deadline);
  try {
    for (const statement of program.statements) checkStatement(context, statement);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
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
