/** Compares what a database has had with the files: who is applied, who is pending, and what does not fit together. */
import { hubError } from '@quantum-hub/kernel';
import type { Direction, RecordedMigration } from './bookkeeping.ts';
import type { Migration } from './files.ts';

export type History = {
  /** In order; a prefix of the files. */
  readonly applied: readonly Migration[];
  readonly pending: readonly Migration[];
  /** Begun outside of a transaction and not finished; it counts as pending (up) or applied (down). */
  readonly unfinished: { readonly migration: Migration; readonly direction: Direction } | undefined;
};

export type MigrationState = {
  readonly name: string;
  readonly state: 'applied' | 'pending' | 'unfinished' | 'changed' | 'missing' | 'out of order' | 'newer';
  readonly appliedAt: Date | null;
  readonly durationMs: number | null;
};

/** Each migration with its state: the files in order, then what only the database knows. */
export function statesOf(
  files: readonly Migration[],
  recorded: readonly RecordedMigration[],
): MigrationState[] {
  const known = new Map(recorded.map((row) => [row.name, row]));
  const lastApplied = files.findLastIndex(({ name }) => isApplied(known.get(name)));
  const states = files.map(({ name, sha256 }, index): MigrationState => {
    const row = known.get(name);
    const facts = { name, appliedAt: row?.appliedAt ?? null, durationMs: row?.durationMs ?? null };
    if (row === undefined) return { ...facts, state: index < lastApplied ? 'out of order' : 'pending' };
    if (row.unfinished !== null) return { ...facts, state: 'unfinished' };
    return { ...facts, state: row.sha256 === sha256 ? 'applied' : 'changed' };
  });
  const newest = files.at(-1)?.name ?? '';
  const complete = files.every(({ name }) => isApplied(known.get(name)));
  const strangers = recorded.filter(({ name }) => !files.some((file) => file.name === name));
  return [
    ...states,
    ...strangers.map(
      ({ name, appliedAt, durationMs }): MigrationState => ({
        name,
        appliedAt,
        durationMs,
        state: complete && name > newest ? 'newer' : 'missing',
      }),
    ),
  ];
}

/** Throws, with what to do, where files and database do not fit together: nothing may be applied or taken back then. */
export function historyOf(files: readonly Migration[], recorded: readonly RecordedMigration[]): History {
  const states = statesOf(files, recorded);
  const named = (state: MigrationState['state']) =>
    states.filter((one) => one.state === state).map(({ name }) => name);
  const [changed] = named('changed');
  if (changed) throw hubError('database.migration_changed', { migration: changed });
  const [missing] = named('missing');
  if (missing) throw hubError('database.migration_missing', { migration: missing });
  const newer = named('newer');
  if (newer.length > 0) throw hubError('database.migrations_newer', { migrations: newer.join(', ') });
  const [early] = named('out of order');
  if (early) {
    const applied = states.findLast(({ state }) => state === 'applied')?.name ?? '';
    throw hubError('database.migration_out_of_order', { migration: early, applied });
  }
  const row = recorded.find(({ unfinished }) => unfinished !== null);
  const migration = files.find(({ name }) => name === row?.name);
  const count = recorded.filter(isApplied).length;
  return {
    applied: files.slice(0, count),
    pending: files.slice(count),
    unfinished: migration && row?.unfinished ? { migration, direction: row.unfinished } : undefined,
  };
}

function isApplied(row: RecordedMigration | undefined): boolean {
  return row !== undefined && row.appliedAt !== null;
}
