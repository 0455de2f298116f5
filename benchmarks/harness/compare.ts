import { median, quantile } from './statistics.ts';

/** One way of doing the same thing: `run` does it once. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  /** Done before each run and not counted. Only where one run is in flight at once. */
  readonly prepare?: () => Promise<unknown>;
}

export interface Plan {
  readonly rounds: number;
  /** How long each contender runs in each round. */
  readonly roundMs: number;
  /** How many runs are in flight at once. */
  readonly concurrency: number;
}

export interface Measured {
  readonly name: string;
  /** Speed as a multiple of the first contender's: that of their good rounds (see `compare`). */
  readonly ratio: number;
  /** Quartiles of the same ratio taken within each round: far apart on a busy machine. */
  readonly quartiles: readonly [number, number];
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Where it is the longest of all that counts. */
  readonly longestMs?: number;
}

interface Round {
  readonly perSecond: number;
  readonly durationsMs: readonly number[];
}

/** Long enough that every connection is open and PostgreSQL has settled on its plans (it tries five times). */
const warmUpRounds = 10;

/**
 * Speed that a quarter of the rounds reach. What else the machine does can only slow a round down, so the good rounds
 * tell the contenders apart where means and medians tell who was disturbed (seen: at a load of 10 on 2 cores the
 * medians of two runs differed by a factor of 2).
 */
const goodRound = 0.75;

const realTime = () => performance.now();

/**
 * Measures all contenders in turn, in many short rounds, each in another order. Ratios are to the first contender.
 *
 * @param clock milliseconds; another one for tests, which no busy machine may disturb
 */
export async function compare(
  contenders: readonly Contender[],
  plan: Plan,
  clock: () => number = realTime,
): Promise<Measured[]> {
  const rounds = new Map<Contender, Round[]>(contenders.map((contender) => [contender, []]));
  const warmUp = { ...plan, roundMs: plan.roundMs * warmUpRounds };
  for (const contender of contenders) await runRound(contender, warmUp, clock);
  for (let number = 0; number < plan.rounds; number += 1) {
    for (const contender of rotated(contenders, number)) {
      rounds.get(contender)?.push(await runRound(contender, plan, clock));
    }
  }
  const base = rounds.get(contenders[0] as Contender) as Round[];
  return contenders.map((contender) => summary(contender.name, rounds.get(contender) as Round[], base));
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

async function runRound(
  { run, prepare }: Contender,
  { roundMs, concurrency }: Plan,
  clock: () => number,
): Promise<Round> {
  const durationsMs: number[] = [];
  const start = clock();
  let preparingMs = 0;
  const worker = async () => {
    // At least once: a slow contender must not end without a figure.
    do {
      const asked = clock();
      await prepare?.();
      const began = clock();
      if (prepare) preparingMs += began - asked;
      await run();
      durationsMs.push(clock() - began);
    } while (clock() - start - preparingMs < roundMs);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const tookMs = clock() - start - preparingMs;
  return { perSecond: (durationsMs.length * 1000) / tookMs, durationsMs };
}

const speed = (rounds: readonly Round[]) =>
  quantile(
    rounds.map(({ perSecond }) => perSecond),
    goodRound,
  );

function summary(name: string, rounds: readonly Round[], base: readonly Round[]): Measured {
  const ratios = rounds.map(({ perSecond }, number) => perSecond / (base[number] as Round).perSecond);
  const durationsMs = rounds.flatMap((round) => round.durationsMs);
  return {
    name,
    ratio: speed(rounds) / speed(base),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    perSecond: speed(rounds),
    p50Ms: median(durationsMs),
    p95Ms: quantile(durationsMs, 0.95),
  };
}
