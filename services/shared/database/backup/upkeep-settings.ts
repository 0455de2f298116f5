/** When backups are made without anybody asking, and when somebody is to be alarmed. */
import { resolve } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { Cron } from 'croner';
import type { Environment } from '../connection/read-settings.ts';
import type { SettingDescription } from '../connection/settings-list.ts';

export interface UpkeepSettings {
  /** Cron text with five fields, in UTC; undefined: the hub makes none by itself. */
  readonly schedule: string | undefined;
  /** A verified backup older than this alarms. */
  readonly verifiedWithinHours: number;
  /** Where the figures go, absolute. */
  readonly figures: string | undefined;
}

/** Throws one `database.config_invalid` that names every fault. */
export function readUpkeepSettings(env: Environment = process.env): UpkeepSettings {
  const faults: string[] = [];
  const schedule = env.QHUB_BACKUP_SCHEDULE || undefined;
  if (schedule !== undefined && !isSchedule(schedule)) {
    faults.push(
      `QHUB_BACKUP_SCHEDULE is "${schedule}"; expected cron text of five fields, such as "15 2 * * *"`,
    );
  }
  const hours = env.QHUB_BACKUP_VERIFIED_WITHIN_HOURS || '48';
  if (!/^[1-9]\d{0,4}$/.test(hours)) {
    faults.push(`QHUB_BACKUP_VERIFIED_WITHIN_HOURS is "${hours}"; expected a whole number from 1 to 99999`);
  }
  if (faults.length > 0) throw hubError('database.config_invalid', { faults: faults.join('; ') });
  const path = env.QHUB_BACKUP_FIGURES || undefined;
  const figures = path === undefined ? undefined : resolve(env.INIT_CWD ?? process.cwd(), path);
  return { schedule, verifiedWithinHours: Number(hours), figures };
}

/** A turn before this moment that was not kept is one that was missed. */
export function previousTurn(schedule: string, now: Date): Date | undefined {
  return cronOf(schedule).previousRuns(1, now)[0];
}

/** Five fields, in UTC as are the names of backups. Paused: nothing is run by it here. */
function cronOf(schedule: string): Cron {
  return new Cron(schedule, { timezone: 'UTC', mode: '5-part', paused: true });
}

function isSchedule(text: string): boolean {
  try {
    return cronOf(text).nextRun() !== null;
  } catch {
    return false;
  }
}

/** For the documentation. */
export const upkeepSettings: readonly SettingDescription[] = [
  {
    name: 'QHUB_BACKUP_SCHEDULE',
    expected: 'cron text of five fields, in UTC',
    meaning:
      'When the running hub makes a backup, verifies it by restoring, and prunes, such as `15 2 * * *`. Without it the hub makes none by itself.',
  },
  {
    name: 'QHUB_BACKUP_VERIFIED_WITHIN_HOURS',
    default: '48',
    expected: 'a whole number from 1 to 99999',
    meaning: 'How old the last verified backup may be before `qhub db backup status` alarms.',
  },
  {
    name: 'QHUB_BACKUP_FIGURES',
    expected: 'the path of a file',
    meaning: "Where the state of backups goes as figures in Prometheus' text format.",
  },
];
