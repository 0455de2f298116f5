/** Which backups retention keeps: a pure rule. */

export interface Retention {
  /** How many of the newest are kept. */
  readonly last: number;
  /** Of how many days, weeks (from Monday) and months of UTC the newest one is kept; days without a backup don't count. */
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export interface Candidate {
  readonly name: string;
  /** The database that it is of: each one's backups are counted by themselves. */
  readonly database: string;
  readonly takenAt: Date;
  /** It was restored and compared, and was good. */
  readonly verified: boolean;
}

/** Why a backup is kept. */
type Reason = 'last' | 'daily' | 'weekly' | 'monthly' | 'the last verified one' | 'the newest one';

export interface Choice {
  /** Names, newest first, with all reasons. */
  readonly kept: ReadonlyMap<string, readonly Reason[]>;
  /** Names, oldest first. */
  readonly removed: readonly string[];
}

/**
 * The newest backup and the newest verified one of each database are kept whatever the numbers say: what was verified is
 * known to be good, and the newest may turn out to be.
 */
export function chooseKept(candidates: readonly Candidate[], retention: Retention): Choice {
  const kept = new Map<string, readonly Reason[]>();
  const newestFirst = candidates.toSorted(byAge);
  const reasons = new Map(
    [...Map.groupBy(newestFirst, ({ database }) => database).values()].flatMap((own) => [
      ...reasonsFor(own, retention),
    ]),
  );
  for (const { name } of newestFirst) {
    const own = reasons.get(name);
    if (own) kept.set(name, own);
  }
  const removed = newestFirst.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
  return { kept, removed: removed.toReversed() };
}

function byAge(one: Candidate, other: Candidate): number {
  return other.takenAt.getTime() - one.takenAt.getTime() || (one.name < other.name ? 1 : -1);
}

function reasonsFor(newestFirst: readonly Candidate[], retention: Retention): Map<string, Reason[]> {
  const reasons = new Map<string, Reason[]>();
  const keep = (candidate: Candidate | undefined, reason: Reason) => {
    if (candidate) reasons.set(candidate.name, [...(reasons.get(candidate.name) ?? []), reason]);
  };
  for (const candidate of newestFirst.slice(0, retention.last)) keep(candidate, 'last');
  for (const reason of ['daily', 'weekly', 'monthly'] as const) {
    const newestOfEach = Map.groupBy(newestFirst, ({ takenAt }) => periods[reason](takenAt));
    for (const [newest] of [...newestOfEach.values()].slice(0, retention[reason])) keep(newest, reason);
  }
  keep(newestFirst[0], 'the newest one');
  keep(
    newestFirst.find(({ verified }) => verified),
    'the last verified one',
  );
  return reasons;
}

const dayMs = 86_400_000;
/** 5 January 1970 was the first Monday of the reckoning. */
const firstMonday = 4;

const periods = {
  daily: (at: Date) => Math.floor(at.getTime() / dayMs),
  weekly: (at: Date) => Math.floor((Math.floor(at.getTime() / dayMs) - firstMonday) / 7),
  monthly: (at: Date) => at.getUTCFullYear() * 12 + at.getUTCMonth(),
} as const;
