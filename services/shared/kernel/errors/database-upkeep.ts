import type { Room } from './entry.ts';

const fault = {
  status: 500,
  publicMessage: 'the database is not available at the moment; try again in a few seconds',
};

/** Partitions and backfills: what an operator's commands run into. */
export const databaseUpkeepErrors = {
  'database.partition_busy': {
    ...fault,
    message:
      'the partitions of {table} could not be changed within {waitedMs} ms, because others hold locks on it; run the command again when long transactions have ended',
    why: 'Making and detaching partitions needs short locks, and a long transaction holds the table. Whatever was done so far stays done.',
    fix: 'Look in `pg_stat_activity` for the oldest transaction, and run the command again after it.',
  },
  'database.partition_in_use': {
    ...fault,
    message:
      '{partition} cannot be detached: of its jobs {unfinished} are not finished, {queued} stand in the queue and {running} in a device slot; let them finish or cancel them, then run the command again',
    why: 'Only months whose jobs have all finished are detached, and only in their order.',
    fix: 'Let the jobs finish, or cancel them, and run `npx qhub db partitions detach` again.',
  },
  'database.backfill_unknown': {
    ...fault,
    message: 'there is no backfill "{name}"; expected {known}',
    why: 'The name is neither among the backfills of this code nor in `hub.backfills`.',
    fix: 'Take a name that `npx qhub db backfill list` shows.',
  },
  'database.backfill_running': {
    ...fault,
    message:
      'the backfill {name} is running in another process; follow it with `npx qhub db backfill status {name}`',
    why: 'A backfill runs once at a time.',
    fix: 'Let it run, or pause it with `npx qhub db backfill pause`.',
  },
  'database.backfill_paused': {
    ...fault,
    message: 'the backfill {name} is paused; go on with `npx qhub db backfill resume {name}`',
    why: 'Somebody paused it, and only `resume` ends a pause.',
    fix: 'Run `npx qhub db backfill resume` with its name.',
  },
  'database.backfill_not_running': {
    ...fault,
    message: 'the backfill {name} is {status}; only one that is not at its end can be paused',
    why: 'There is nothing to pause.',
    fix: 'See `npx qhub db backfill status`.',
  },
  'database.backfill_changed': {
    ...fault,
    message:
      'the backfill {name} does something else than when it was begun; restore its definition, or give the new one another name',
    why: 'Half of the rows would have had the one change and half the other.',
    fix: 'Restore the definition and let it end; a different change is a new backfill.',
  },
  'database.backfill_rows_hidden': {
    ...fault,
    message:
      'row security hides rows of {table} from {role}, so the backfill {name} would skip them without a word; give the role a policy for all rows (`upkeep()` in the model)',
    why: 'Under row security an UPDATE changes the rows that a policy shows, and reports success.',
    fix: 'Add `...upkeep(table)` to the policies of the model and migrate; then run the backfill again.',
  },
  'database.backfill_unending': {
    ...fault,
    message:
      'the backfill {name} leaves rows as they were: its `where` still holds after its change; correct one of the two',
    why: '`where` says which rows still need the change; if it holds afterwards, no run would ever come to its end.',
    fix: 'Let `where` exclude rows that have had the change, and give the backfill another name.',
  },
  'database.backfill_failed': {
    ...fault,
    message:
      'the backfill {name} failed: {reason}; its last batch was rolled back, and running it again goes on from there',
    why: 'PostgreSQL refused a batch; the batches before it stay.',
    fix: 'Remove what the message names, and run the backfill again: it goes on where it stopped.',
  },
} as const satisfies Room<'database'>;
