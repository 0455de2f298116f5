/** How many backups are kept, by the environment. */
import { hubError } from '@quantum-hub/kernel';
import type { Environment } from '../../connection/read-settings.ts';
import type { SettingDescription } from '../../connection/settings-list.ts';
import type { Retention } from './choose-kept.ts';

const settings = [
  ['last', 'QHUB_BACKUP_KEEP_LAST', 3, 'How many of the newest backups retention keeps.'],
  ['daily', 'QHUB_BACKUP_KEEP_DAILY', 7, 'Of how many days (UTC) it keeps the newest one.'],
  ['weekly', 'QHUB_BACKUP_KEEP_WEEKLY', 4, 'Of how many weeks it keeps the newest one.'],
  ['monthly', 'QHUB_BACKUP_KEEP_MONTHLY', 12, 'Of how many months it keeps the newest one.'],
] as const satisfies readonly (readonly [keyof Retention, string, number, string])[];

/** Throws one `database.config_invalid` that names every fault. */
export function readRetention(
  overrides: Partial<Record<keyof Retention, string>> = {},
  env: Environment = process.env,
): Retention {
  const faults: string[] = [];
  const numbers = settings.map(([key, name, standard]) => {
    const text = overrides[key] ?? (env[name] || String(standard));
    if (!/^\d{1,4}$/.test(text)) faults.push(`${name} is "${text}"; expected a whole number from 0 to 9999`);
    return [key, Number(text)];
  });
  if (faults.length > 0) throw hubError('database.config_invalid', { faults: faults.join('; ') });
  return Object.fromEntries(numbers) as Record<keyof Retention, number>;
}

/** For the documentation. */
export const retentionSettings: readonly SettingDescription[] = settings.map(
  ([, name, standard, meaning]) => ({
    name,
    default: String(standard),
    expected: 'a whole number from 0 to 9999',
    meaning,
  }),
);
