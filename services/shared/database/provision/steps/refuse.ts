import { literal } from '../sql-text.ts';

/** A right is missing: DETAIL is the right, HINT the statement that gives it. */
export const rightMissing = 'QHP01';

/** What was asked for cannot be: the message says why and what to do. */
export const requestImpossible = 'QHP02';

/**
 * PL/pgSQL that ends the provisioning with one sentence. `right` is a text expression that completes "the administrator
 * lacks ..."; `statement` one that gives what a superuser must run.
 */
export function raiseRightMissing(right: string, statement: string): string {
  return `raise exception using errcode = ${literal(rightMissing)},
        message = format('the administrator "%s" lacks %s', current_user, ${right}),
        detail = ${right},
        hint = ${statement};`;
}

/** `message` is a text expression: a whole sentence. */
export function raiseImpossible(message: string): string {
  return `raise exception using errcode = ${literal(requestImpossible)}, message = ${message};`;
}
