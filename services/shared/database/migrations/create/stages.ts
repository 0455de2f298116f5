/** Cuts a change into migrations: one, or with `--safe` those that lock only briefly, each after the other. */
import { hubError } from '@quantum-hub/kernel';
import type { Hazard } from '../hazards.ts';
import type { Change, Later } from './change.ts';
import type { TwoWay } from './rename-sql.ts';
import type { Rename } from './renames.ts';
import { type Risk, risks } from './risks.ts';

export type Stage = {
  /** What it does, where it isn't the first. */
  readonly what: string | undefined;
  readonly statements: readonly string[];
  /** One statement, outside a transaction. */
  readonly concurrent: boolean;
  readonly hazards: readonly Hazard[];
  readonly breaking: readonly string[];
  readonly losesData: boolean;
};

export type StageOptions = { readonly allow: readonly Hazard[]; readonly safe: boolean };

/** Throws `database.hazard_refused` with every hazard that was neither allowed nor avoided. */
export function makeStages(
  renames: readonly Rename[],
  renameSteps: readonly TwoWay[],
  changes: readonly Change[],
  { allow, safe }: StageOptions,
): Stage[] {
  const taken = changes.flatMap((change) => risksOf(change, safe));
  refuseHazards(taken, allow);
  const hazards = [...taken, ...renames.map(({ from }) => risks.rename(from))].map(({ hazard }) => hazard);
  const isSafe = (change: Change) => safe && change.safe !== undefined;
  const first: Stage = {
    what: undefined,
    statements: [
      ...renameSteps.map(({ up }) => up),
      ...changes.flatMap((change) =>
        isSafe(change) ? [change.safe?.now ?? ''] : [change.remark ? `-- ${change.remark}` : '', change.sql],
      ),
    ].filter((sql) => sql !== ''),
    concurrent: false,
    hazards: [...new Set(hazards)].filter((hazard) => hazard !== 'data-change' || !safe),
    breaking: [
      ...renames.map(({ from, to }) => `callers use ${to} in place of ${from}`),
      ...changes.flatMap(({ breaking }) => breaking ?? []),
    ],
    losesData: changes.some(({ losesData }) => losesData),
  };
  const later = changes.flatMap((change) => (isSafe(change) ? (change.safe?.later ?? []) : []));
  return [first, ...laterStages(later)].filter(({ statements }) => statements.length > 0);
}

function risksOf({ risks: all = [], safe: form }: Change, safe: boolean): Risk[] {
  return all.filter(({ hazard }) => !(safe && form?.avoids === hazard));
}

/** A backfill was asked for by name, as a rename was. */
function refuseHazards(taken: readonly Risk[], allow: readonly Hazard[]): void {
  const refused = taken.filter(({ hazard }) => hazard !== 'data-change' && !allow.includes(hazard));
  if (refused.length === 0) return;
  const lines = refused.map(({ hazard, reason, advice }) => `${hazard}: ${reason} (${advice})`);
  const names = [...new Set(refused.map(({ hazard }) => hazard))];
  const allowing = names.map((name) => `--allow ${name}`).join(' ');
  throw hubError('database.hazard_refused', {
    hazards: `${lines.join('; ')}; to do it all the same: ${allowing}`,
  });
}

function laterStages(later: readonly Later[]): Stage[] {
  const levels = [...new Set(later.map(({ level }) => level))].toSorted((a, b) => a - b);
  return levels.flatMap((level) => {
    const steps = later.filter((step) => step.level === level);
    const alone = steps.filter(({ concurrent }) => concurrent);
    const together = steps.filter(({ concurrent }) => !concurrent);
    return [...alone.map((step) => stageOf([step])), ...(together.length > 0 ? [stageOf(together)] : [])];
  });
}

function stageOf(steps: readonly Later[]): Stage {
  return {
    what: [...new Set(steps.map(({ what }) => what))].join('; '),
    statements: [...new Set(steps.map(({ sql }) => sql))],
    concurrent: steps.every(({ concurrent }) => concurrent === true),
    hazards: [...new Set(steps.flatMap(({ hazard }) => hazard ?? []))],
    breaking: [],
    losesData: false,
  };
}
