import type { Room } from './entry.ts';

/** Faults of `migration create`, which compares the models with what the migrations make. */
export const databaseMigrationCreateErrors = {
  'database.rename_undecided': {
    status: 500,
    message:
      'something was dropped and something like it was added, which may be a rename: say {pairs}, or --no-rename to drop the one with what it holds and add the other',
    why: 'A rename keeps what is stored and a drop loses it; the models alone do not tell the one from the other.',
    fix: 'Give `--rename old=new` for what was renamed, and `--no-rename` for the rest.',
  },
  'database.rename_unknown': {
    status: 500,
    message: '--rename {rename} names no change of the models; dropped: {dropped}; added: {added}',
    why: 'On the left of `=` stands something that the models dropped, on the right something that they added.',
    fix: 'Name a table or a column out of the two lists.',
  },
  'database.rename_taken': {
    status: 500,
    message: '--rename {rename} gives a name that is not free: say also what becomes of {taken}',
    why: 'A name that something has is free only where that gets another name in the same run, and one thing gets one name.',
    fix: 'Give a second `--rename` for it (`--rename a=b --rename b=a` makes two change places), or drop it in a migration before.',
  },
  'database.rename_ambiguous': {
    status: 500,
    message: '--rename {rename} may mean more than one thing; say {meant}',
    why: 'Several tables have a column of this name.',
    fix: 'Write the names with their schema and table.',
  },
  'database.hazard_refused': {
    status: 500,
    message: 'nothing was written, since the change is dangerous on a live database: {hazards}',
    why: 'The change loses data, locks a table for long, or breaks code that runs.',
    fix: 'Take the safe form that the message offers, or allow each hazard by its name: `--allow drop-column`.',
  },
  'database.backfill_column_unknown': {
    status: 500,
    message:
      '--backfill names {column}, which is no column that the models add as not null without a default; there are: {known}',
    why: '`--backfill schema.table.column=<SQL expression>` fills a new column in the rows that a table has.',
    fix: 'Name one of the columns that the message lists.',
  },
  'database.description_invalid': {
    status: 500,
    message:
      'the description {description} cannot name a migration; expected one line with at least one word of latin letters or digits',
    why: 'The description becomes the name of the files and the first line of their header.',
    fix: 'Say in a few words what changes, such as "Add a phone number to profiles".',
  },
  'database.migration_not_generated': {
    status: 500,
    message:
      'no migration can be generated for this change: tried on a scratch database, {reason}; write the pair by hand: `npx qhub db migration create "..." --blank`',
    publicMessage: 'no migration can be generated for this change',
    why: 'What was generated is always tried there and back. It failed, or did not lead to what the models say.',
    fix: 'Write the pair by hand with `--blank`, or make the change in smaller steps.',
  },
} as const satisfies Room<'database'>;
