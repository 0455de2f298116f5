/** Which migrations a command means. */
import { hubError } from '@quantum-hub/kernel';
import type { Migration } from './files.ts';
import type { History } from './history.ts';

/** `to` or `steps`; neither means all. */
export type Range = {
  /** Up: up to this one and with it. Down: back to this one, which stays. */
  readonly to?: string;
  readonly steps?: number;
};

/** In the order in which they are applied. */
export function upTargets(
  migrations: readonly Migration[],
  { pending }: Pick<History, 'pending'>,
  { to, steps }: Range,
): readonly Migration[] {
  if (to === undefined) return pending.slice(0, steps);
  const last = pending.indexOf(find(migrations, to));
  return pending.slice(0, last + 1);
}

/** Newest first. Throws where one of them cannot be taken back, or only with its rows. */
export function downTargets(
  migrations: readonly Migration[],
  { applied }: Pick<History, 'applied'>,
  { to, steps, allowDataLoss = false }: Range & { readonly allowDataLoss?: boolean },
): readonly Migration[] {
  const first = to === undefined ? 0 : migrations.indexOf(find(migrations, to)) + 1;
  const targets = applied.slice(first).reverse().slice(0, steps);
  const firm = targets.find(({ up }) => up.header.reversible === 'no');
  if (firm) throw hubError('database.migration_irreversible', { migration: firm.name });
  const lossy = targets.filter(({ up }) => up.header.reversible === 'loses data').map(({ name }) => name);
  if (lossy.length > 0 && !allowDataLoss) {
    throw hubError('database.migration_loses_data', { migrations: lossy.join(', ') });
  }
  return targets;
}

/** Throws `database.migration_unknown`. */
export function find(migrations: readonly Migration[], name: string): Migration {
  const found = migrations.find((migration) => migration.name === name);
  if (found) return found;
  throw hubError('database.migration_unknown', { name, last: migrations.at(-1)?.name ?? 'none' });
}
