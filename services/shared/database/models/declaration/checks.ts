/** Turns the rules of a model's properties into its CHECK constraints, named by the one rule for names. */
import type { EntitySchema } from '@mikro-orm/core';
import { ruleOf } from './rules.ts';
import { columnsOf } from './schemas.ts';

export function addChecks(model: EntitySchema): void {
  for (const [property, declared] of columnsOf(model)) {
    const check = ruleOf(declared)?.check;
    if (check === undefined) continue;
    model.meta.checks.push({
      property,
      expression: (columns) => check(quoted(String(columns[property as keyof typeof columns]))),
    });
  }
}

/** A column may be called as a word of SQL, such as `order`. */
function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}
