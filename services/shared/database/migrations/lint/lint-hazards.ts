/** Holds a header's hazards against the statements. */
import { type Hazard, hazardNames, hazards as texts } from '../hazards.ts';
import type { UpHeader } from '../header.ts';
import { hazardsOf } from './hazards.ts';
import type { ParsedFile } from './parsed-file.ts';

export type Add = (line: number, rule: string, message: string) => void;

/** Adds each hazard that the header does not name, and each that it names for nothing. */
export function addHazards(
  { statements, allowances }: ParsedFile,
  { hazards }: Pick<UpHeader, 'hazards'>,
  add: Add,
): void {
  const perStatement = hazardsOf(statements.map(({ tokens }) => tokens));
  for (const [index, list] of perStatement.entries()) {
    for (const { anyOf, what, isUnsure } of list) {
      if (isUnsure || anyOf.some((hazard) => hazards.includes(hazard))) continue;
      // A remark that answers squawk's rule about the same hazard answers ours.
      const before = statements[index - 1]?.lastLine ?? 0;
      const remarks = allowances.filter(
        ({ line }) => line > before && line <= (statements[index]?.lastLine ?? 0),
      );
      if (remarks.some(({ rule }) => squawkHazards(rule).some((hazard) => anyOf.includes(hazard)))) continue;
      add(
        statements[index]?.line ?? 1,
        'hazard-unnamed',
        `${what}: ${texts[anyOf[0]].cost}; ${texts[anyOf[0]].instead}; or name ${anyOf.join(' or ')} in Hazards`,
      );
    }
  }
  const possible = new Set(perStatement.flat().flatMap(({ anyOf }) => anyOf));
  for (const hazard of hazards.filter((hazard) => !possible.has(hazard))) {
    add(1, 'hazard-idle', `Hazards names ${hazard}, but no statement is one; take it out`);
  }
}

/** What a rule of squawk is about, if it is about one of our hazards. */
export function squawkHazards(rule: string): Hazard[] {
  return hazardNames.filter((name) => texts[name].squawk.includes(rule));
}
