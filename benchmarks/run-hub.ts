import { parseArgs } from 'node:util';
import { closeRun, formatComparison } from './harness/report.ts';
import { measureHub } from './measure-hub.ts';

const usage = `npm run bench:hub [-- options]: what the hub's queue and server cost, as ratios measured in one run (about 4 minutes)
  --quick   only to see that everything runs
  --strict  exit with 1 when an aim is missed`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const run = await measureHub(values.quick ? 'quick' : 'usual', (comparison) =>
    console.log(`\n${formatComparison(comparison)}`),
  );
  const path = `${import.meta.dirname}/results/latest-hub.json`;
  await closeRun(path, run, values);
}

if (values.help) console.log(usage);
else await main();
