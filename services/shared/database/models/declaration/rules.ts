/**
 * A rule is what one column accepts, declared once and given to both judges: zod (before the
 * database is asked) and a CHECK constraint (which raw SQL can't get round). A property test holds
 * the two together (`rules.test.ts`).
 */
import type { z } from 'zod';

export type Rule = {
  /** Accepts exactly the non-null values that the column accepts. */
  readonly zod: z.ZodType;
  /** The CHECK's condition for a column of this (unquoted) name, or nothing where the type says it all. */
  readonly check?: (column: string) => string;
  /** Set once at creation; the update schema refuses it. */
  readonly immutable?: true;
};

/** A property builder of MikroORM, seen from outside: what we add to rides in its options. */
type Builder = { readonly '~options': object };

/** MikroORM keeps unknown options on the property's metadata, so the rule travels with the property. */
export function withRule<B extends Builder>(builder: B, rule: Rule): B {
  Object.assign(builder['~options'], { rule });
  return builder;
}

/** Marks a property that is set at creation and never updated. */
export type Immutable = { readonly '~immutable'?: true };

/** The property can be set when the row is made, and not later: `immutable(text({ max: 100 }))`. */
export function immutable<B extends Builder>(builder: B): B & Immutable {
  Object.assign(builder['~options'], { immutable: true });
  return builder as B & Immutable;
}

/** The rule that a property was declared with. */
export function ruleOf(property: object): Rule | undefined {
  return (property as { rule?: Rule }).rule;
}

export function isImmutable(property: object): boolean {
  return (property as { immutable?: boolean }).immutable === true;
}

/** A string as an SQL literal. Only for text of the declarations, never for a person's input. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How PostgreSQL counts characters: code points, where JavaScript counts UTF-16 units. */
export function charLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Text that PostgreSQL stores unchanged: no NUL (refused by the server), no lone surrogate (altered by UTF-8). */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
