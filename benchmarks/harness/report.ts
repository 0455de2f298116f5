import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Measured, Plan } from './compare.ts';

/** A bound that a figure was meant to keep. */
export interface Aim {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One comparison: the first row is what the others are compared with. */
export interface Comparison {
  readonly title: string;
  readonly plan: Plan;
  readonly rows: readonly Measured[];
  readonly aims: readonly Aim[];
  /** What a reader must know to judge the figures. */
  readonly notes?: readonly string[];
  /** Plans of PostgreSQL, by what they are of. */
  readonly plans?: Readonly<Record<string, readonly string[]>>;
}

export function isMet({ value, atLeast, atMost }: Aim): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}

export function formatAim(aim: Aim): string {
  const bound = aim.atLeast === undefined ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`;
  return `${isMet(aim) ? 'met   ' : 'MISSED'}  ${aim.what}: ${aim.value.toFixed(2)}, expected ${bound}`;
}

const columns = ['', 'ratio', 'quartiles', 'per second', 'p50 ms', 'p95 ms', 'longest ms'];

function cells(row: Measured): string[] {
  const spread = row.quartiles.map((quartile) => quartile.toFixed(2)).join('-');
  return [
    row.name,
    row.ratio.toFixed(2),
    spread,
    row.perSecond.toFixed(0),
    row.p50Ms.toFixed(2),
    row.p95Ms.toFixed(2),
    row.longestMs?.toFixed(0) ?? '',
  ];
}

/** The table as lines of text: names to the left, figures to the right, ratios first. */
export function formatComparison({ title, plan, rows, aims, notes = [] }: Comparison): string {
  const isTold = rows.some(({ longestMs }) => longestMs !== undefined);
  const shown = isTold ? columns : columns.slice(0, -1);
  const table = [shown, ...rows.map((row) => cells(row).slice(0, shown.length))];
  const widths = shown.map((_, index) => Math.max(...table.map((line) => (line[index] as string).length)));
  const lines = table.map((line) =>
    line
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[index] as number),
      )
      .join('  '),
  );
  const head = `${title} (${plan.concurrency} at once, ${plan.rounds} rounds of ${plan.roundMs} ms)`;
  return [head, ...lines, ...notes, ...aims.map(formatAim)].join('\n');
}

/** Facts that a reader needs to judge absolute figures. */
export function machine(postgres?: string) {
  const [cpu] = cpus();
  return {
    node: process.version,
    postgres,
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: `${cpus().length} x ${cpu?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

export interface Run {
  readonly date: string;
  readonly machine: ReturnType<typeof machine>;
  readonly comparisons: readonly Comparison[];
}

/** Three figures are all that a run can tell. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}

export async function writeRun(path: string, run: Run): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(run, rounded, 2)}\n`);
}

/** The end of a command: writes the figures and says where; with `strict` an aim that was missed is exit code 1. */
export async function closeRun(
  path: string,
  run: Run,
  { strict }: { readonly strict: boolean },
): Promise<void> {
  await writeRun(path, run);
  console.log(`\nwritten to ${path}`);
  if (strict && !run.comparisons.every(({ aims }) => aims.every(isMet))) process.exitCode = 1;
}
