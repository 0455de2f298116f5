import { migrationSql, readDatabaseConfig, recordedAt } from '@quantum-hub/database/admin';
import { type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';

export interface RangeOptions extends OutputOptions {
  readonly to?: string;
  readonly steps?: string;
  readonly sql?: boolean;
  readonly from?: string;
  readonly pending?: boolean;
}

/** Prints a script for psql. Only `--pending` opens a connection. */
export async function printScript(
  direction: 'up' | 'down',
  options: RangeOptions,
  range: { to?: string; steps?: number },
): Promise<void> {
  const { from, pending } = options;
  const purpose = `qhub db migration ${direction} --sql --pending`;
  const recorded = pending
    ? await atPlace({ ...options, purpose, mustExist: true }, (place) =>
        recordedAt(place, 'qhub-db-migration'),
      )
    : undefined;
  const sql = migrationSql(readDatabaseConfig(), direction, { ...range, from, recorded });
  printResult(options, { sql }, sql.trimEnd());
}
