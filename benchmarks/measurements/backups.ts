/** The steps of a backup and of its check, beside PostgreSQL's programs with the same flags on the same rows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createBackup, openStore, verifyBackup } from '@quantum-hub/database/admin';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import type { Measured } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { median, quantile } from '../harness/statistics.ts';
import type { BackupSize } from '../sizes.ts';

/** How many times as long as the bare program a step may take. */
const stepAim = 1.15;
/** What the digests of all rows may take beside pg_dump, and the check of the files and of the rows beside pg_restore. */
const digestAim = 1;
const checkAim = 1;

interface Times {
  readonly pgDump: number[];
  readonly dump: number[];
  readonly digest: number[];
  readonly pgRestore: number[];
  readonly restore: number[];
  readonly check: number[];
}

/** Rows that pack as well as programs and results do: half of what is printed is random. */
async function fill({ admin }: TestDatabase, megabytes: number): Promise<void> {
  await admin.query(
    `create table public.load as select i, repeat('h q[0]; cx q[0], q[1]; ', 20) || (select string_agg(md5(random()::text || i || j), '')
       from generate_series(1, 15) j) as program from generate_series(1, ${megabytes} * 1000) i`,
  );
  await admin.query('alter table public.load add primary key (i)');
}

/** Runs a program of PostgreSQL with a file as its input or output, and gives the milliseconds. */
async function bare(
  { administrator }: TestDatabase,
  program: string,
  args: readonly string[],
  file: { from: string } | { to: string },
): Promise<number> {
  const { host, port, user, password } = administrator;
  const began = performance.now();
  const child = spawn(program, [...args, '-h', host, '-p', String(port), '-U', user], {
    env: { ...process.env, PGPASSWORD: password },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  const ended = once(child, 'close');
  if ('from' in file) {
    child.stdout.resume();
    await pipeline(createReadStream(file.from), child.stdin);
  } else {
    child.stdin.end();
    // On the disk itself, as a backup is.
    await pipeline(child.stdout, createWriteStream(file.to, { flush: true }));
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${(await said).slice(-1000)}`);
  return performance.now() - began;
}

async function round(db: TestDatabase, folder: string, number: number, times: Times): Promise<void> {
  const store = await openStore({ kind: 'folder', path: join(folder, String(number)) });
  const file = join(folder, 'bare.pgdump');
  const flags = ['--format=custom', '--verbose', '--no-password', '--lock-wait-timeout=60000', db.name];
  const programs = async () => {
    times.pgDump.push(await bare(db, 'pg_dump', flags, { to: file }));
    const copy = `${db.name}_copy`;
    const began = performance.now();
    await db.admin.query(`create database ${copy}`);
    const madeMs = performance.now() - began;
    const options = ['--exit-on-error', '--no-tablespaces', '--verbose', '--no-password', `--dbname=${copy}`];
    times.pgRestore.push(madeMs + (await bare(db, 'pg_restore', options, { from: file })));
    await db.admin.query(`drop database ${copy}`);
  };
  const ours = async () => {
    const { name, durations } = await createBackup({ admin: db.administrator }, store);
    times.dump.push(durations.dumpMs);
    times.digest.push(durations.digestMs);
    const verified = await verifyBackup(store, name);
    times.restore.push(verified.durations.restoreMs);
    times.check.push(verified.durations.checkMs + verified.durations.compareMs);
  };
  const turns = number % 2 === 0 ? [programs, ours] : [ours, programs];
  for (const turn of turns) await turn();
  rmSync(join(folder, String(number)), { recursive: true });
}

function row(name: string, durationsMs: readonly number[], base: readonly number[]): Measured {
  const ratios = durationsMs.map((ms, number) => (base[number] as number) / ms);
  return {
    name,
    // Within a round: each lasts seconds, in which the machine is as busy for one as for the other.
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    perSecond: 1000 / median(durationsMs),
    p50Ms: median(durationsMs),
    p95Ms: quantile(durationsMs, 0.95),
  };
}

function comparison(
  title: string,
  rounds: number,
  [base, step, check]: readonly [Named, Named, Named],
  checkAtMost: number,
): Comparison {
  const rows = [base, step, check].map(([name, ms]) => row(name, ms, base[1]));
  const timesAsLong = (at: number) => 1 / (rows[at]?.ratio ?? 0);
  return {
    title,
    plan: { rounds, roundMs: 1, concurrency: 1 },
    rows,
    aims: [
      { what: `time of ${step[0]} against ${base[0]}'s`, value: timesAsLong(1), atMost: stepAim },
      { what: `time of ${check[0]} against ${base[0]}'s`, value: timesAsLong(2), atMost: checkAtMost },
    ],
  };
}

type Named = readonly [name: string, durationsMs: readonly number[]];

/** Rounds in turn; a first one warms the caches and is not counted. */
export async function backupSteps({ megabytes, rounds }: BackupSize): Promise<Comparison[]> {
  await using db = await createTestDatabase();
  await fill(db, megabytes);
  const folder = mkdtempSync(join(tmpdir(), 'qhub-bench-'));
  const empty = (): Times => ({ pgDump: [], dump: [], digest: [], pgRestore: [], restore: [], check: [] });
  const times = empty();
  try {
    await round(db, folder, 0, empty());
    for (let number = 0; number < rounds; number += 1) await round(db, folder, number, times);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { pgDump, dump, digest, pgRestore, restore, check } = times;
  const size = `of ${megabytes} MB of rows`;
  return [
    comparison(
      `backup ${size}`,
      rounds,
      [
        ['pg_dump', pgDump],
        ['the dump step', dump],
        ['the digests', digest],
      ],
      digestAim,
    ),
    comparison(
      `restore ${size}`,
      rounds,
      [
        ['pg_restore', pgRestore],
        ['the restore step', restore],
        ['the checks', check],
      ],
      checkAim,
    ),
  ];
}
