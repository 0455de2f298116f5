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

/** Those that PostgreSQL 18 takes for no name of a column (pg_get_keywords, reserved); older ones have fewer. */
const reserved = new Set(
  `
  all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
  collation column concurrently constraint create cross current_catalog current_date current_role
  current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
  except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into
  is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on
  only or order outer overlaps placing primary references returning right select session_user similar some
  symmetric system_user table tablesample then to trailing true union unique user using variadic verbose
  when where window with
  `
    .trim()
    .split(/\s+/),
);

/** A column may be called as a word of SQL, such as `order`; others are left as people read them. */
function quoted(column: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(column) && !reserved.has(column);
  return isPlain ? column : `"${column.replaceAll('"', '""')}"`;
}
