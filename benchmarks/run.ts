import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { closeRun, formatComparison } from './harness/report.ts';
import { runBenchmarks } from './run-benchmarks.ts';
import { type SizeName, type Sizes, sizes } from './sizes.ts';

const usage = `npm run bench [-- options]: what the database layer costs, as ratios measured in one run
  --big     also 10 million jobs (about 10 minutes, some 10 GB of disk in the system's temporary folder), and
            changes of a table of 10 million rows while writers run
  --rows N  with another number of rows in that table; also without --big
  --quick   only to see that everything runs
  --strict  exit with 1 when an aim is missed
  --json F  where the figures are written (default benchmarks/results/latest.json, which git ignores)`;

const { big, quick, strict, help, json, rows } = parseArgs({
  options: {
    big: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    json: { type: 'string' },
    rows: { type: 'string' },
  },
}).values;

function rowsOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--rows is "${text}"; expected a whole number from 1`);
}

async function main(): Promise<void> {
  const name: SizeName = big ? 'big' : quick ? 'quick' : 'usual';
  const size: Sizes = sizes[name];
  const changedRows = rows === undefined ? size.migrations.changedRows : rowsOf(rows);
  const run = await runBenchmarks(
    { ...size, migrations: { ...size.migrations, changedRows } },
    (comparison) => console.log(`\n${formatComparison(comparison)}`),
    (line) => console.error(line),
  );
  // npm changes the working directory; a path that somebody typed counts from where they stood.
  const typed = json && resolve(process.env.INIT_CWD ?? '.', json);
  const path = typed ?? `${import.meta.dirname}/results/latest.json`;
  await closeRun(path, run, { strict });
}

if (help) console.log(usage);
else await main();
