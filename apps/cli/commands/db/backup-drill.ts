import { onRecord, readDatabaseConfig, runDrillAt, runScratchDrill } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit, usageFault } from '../../faults.ts';
import { type OutputOptions, printResult, progressTo } from '../../output.ts';
import { atPlace } from '../at-place.ts';
import { engineOf } from './backup-pitr.ts';
import { drillText } from './backup-pitr-text.ts';

const examples = `
Writes rows, recovers to the moment between two of them on a server that is thrown away, and looks whether the
rows of before are there and none of after. Live data and archive are not changed; the rows lie in the maintenance
database "postgres". It needs as much free disk as the data. RPO and RTO are measured; each drill is noted in
drills.jsonl beside pitr.json. Exit code 1 when it fails.

Examples:
  npx qhub db backup drill                       on the live server's own archive
  npx qhub db backup drill --scratch --engine plain    on a server made for it, as in CI`;

const help = 'npx qhub db backup drill --help';

interface DrillFlags extends OutputOptions {
  readonly scratch?: boolean;
  readonly engine?: string;
}

export function drillCommand(): Command {
  return new Command('drill')
    .description('Rehearse a recovery to a moment, and measure it.')
    .option('--scratch', 'on a server made for it')
    .option('--engine <name>', 'with --scratch: pgbackrest or plain')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(drill);
}

async function drill(flags: DrillFlags): Promise<void> {
  const engine = engineOf(flags.engine, help);
  if (engine && !flags.scratch) {
    throw usageFault('--engine goes with --scratch; a live server’s engine is what `pitr init` chose', help);
  }
  const onProgress = progressTo(flags);
  const needs = { ...flags, purpose: 'qhub db backup drill', mustExist: true };
  const record = flags.scratch
    ? await runScratchDrill(engine, { onProgress })
    : await onRecord(
        readDatabaseConfig(),
        { kind: 'drill', onNote: onProgress },
        () => atPlace(needs, (place) => runDrillAt(place, { onProgress })),
        ({ fault, backup }) => ({ error: fault?.message, backup }),
      );
  printResult(flags, record, drillText(record));
  if (!record.ok) throw new SilentExit(exitCodes.failed);
}
