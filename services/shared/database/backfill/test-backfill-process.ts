/** A process that runs a backfill, to be killed: writes a line for each batch. Arguments: address and definition as JSON. */
import type { TestAddress } from '../testing/index.ts';
import type { Backfill } from './definition.ts';
import { runBackfill } from './run-backfill.ts';
import { connectTo } from './test-probe.ts';

const [address, backfill] = process.argv.slice(2).map((text) => JSON.parse(text)) as [TestAddress, Backfill];
await runBackfill(connectTo(address), backfill, {
  firstBatchRows: 20,
  targetBatchMs: 30,
  onProgress: ({ rowsSeen }) => {
    process.stdout.write(`${rowsSeen}\n`);
  },
});
