import { parseArgs } from 'node:util';
import {
  againstPeers,
  bandwidth,
  frontEnd,
  quick,
  stabilizer,
  startUp,
  usual,
} from './devices/measurements.ts';
import { type Comparison, closeRun, formatComparison, machine } from './harness/report.ts';

const usage = `npm run bench:devices [-- options]: what simulators and language cost, as ratios measured in one run
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
  const sizes = values.quick ? quick : usual;
  const comparisons: Comparison[] = [];
  for (const measure of [bandwidth, againstPeers, frontEnd, stabilizer, startUp]) {
    for (const comparison of await measure(sizes)) {
      comparisons.push(comparison);
      console.log(`\n${formatComparison(comparison)}`);
    }
  }
  const path = `${import.meta.dirname}/results/latest-devices.json`;
  await closeRun(path, { date: new Date().toISOString(), machine: machine(), comparisons }, values);
}

if (values.help) console.log(usage);
else await main();
