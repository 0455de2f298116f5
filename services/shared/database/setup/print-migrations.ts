import type { DatabaseConfig } from '../config.ts';
import { connectAdmin } from '../connection/admin-connection.ts';
import { connectionSettings } from '../connection/client.ts';
import { lookUpRecorded } from '../migrations/bookkeeping.ts';
import { readMigrations } from '../migrations/files.ts';
import { historyOf } from '../migrations/history.ts';
import { migrationScript } from '../migrations/script.ts';
import { downTargets, find, type Range, upTargets } from '../migrations/targets.ts';
import { type ProvisionOptions, provisioningSql } from '../provision/index.ts';
import { readSecret } from '../server/index.ts';
import { applicationPasswordFile, DatabasePlace, embeddedDatabase, embeddedLogin } from './database-place.ts';
import { provisionOptions } from './provision-place.ts';

export type ScriptRange = Range & {
  /** The first to run: in `up` the oldest, in `down` the newest. Default: from the start, or from the last. */
  readonly from?: string;
  /** What the database has had, by `recordedAt`; without it the script holds all and skips on the server. */
  readonly recorded?: readonly string[];
};

/** The script of `up --sql`, which provisions first, or of `down --sql`. Opens no connection. */
export function migrationSql(config: DatabaseConfig, direction: 'up' | 'down', range: ScriptRange): string {
  const files = readMigrations();
  const { from, recorded } = range;
  const start = from === undefined ? undefined : files.indexOf(find(files, from));
  const isApplied = ({ name }: { name: string }) => recorded?.includes(name) ?? direction === 'down';
  if (direction === 'up') {
    const pending = files.slice(start).filter((file) => !isApplied(file));
    const provisioning = provisioningSql(offlineOptions(config));
    return migrationScript({ direction, migrations: upTargets(files, { pending }, range), provisioning });
  }
  const applied = files.slice(0, start === undefined ? undefined : start + 1).filter(isApplied);
  const migrations = downTargets(files, { applied }, { ...range, allowDataLoss: true });
  return migrationScript({ direction, migrations });
}

/** The names of what a database has had, for `--pending`. Throws where files and database do not fit together. */
export async function recordedAt(place: DatabasePlace, service: string): Promise<string[]> {
  await using admin = await connectAdmin(place.admin, { service });
  const { applied } = historyOf(readMigrations(), await lookUpRecorded(admin));
  return applied.map(({ name }) => name);
}

/** What would be provisioned, by settings and files alone. */
function offlineOptions(config: DatabaseConfig): ProvisionOptions {
  if (config.kind === 'server') {
    return provisionOptions(new DatabasePlace(config, connectionSettings(config, config.admin)));
  }
  const password = readSecret(config.home, applicationPasswordFile);
  const { statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs } = config.timeouts;
  return {
    database: embeddedDatabase,
    applicationLogin: { name: embeddedLogin, password },
    timeouts: {
      statementMs: statementTimeoutMs,
      lockMs: lockTimeoutMs,
      idleInTransactionMs: idleInTransactionTimeoutMs,
    },
  };
}
