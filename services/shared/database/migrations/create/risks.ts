/** What a change of the models puts at risk on a live database, and the way around. */
import { type Hazard, hazards } from '../hazards.ts';

export type Risk = {
  readonly hazard: Hazard;
  /** What would be lost, locked or broken, as a sentence without a full stop. */
  readonly reason: string;
  /** What to do instead. */
  readonly advice: string;
};

const risk = (hazard: Hazard, reason: string, advice = hazards[hazard].instead): Risk => ({
  hazard,
  reason,
  advice,
});
const withSafe = (form: string) => `--safe writes the safe form: ${form}`;

export const risks = {
  dropTable: (table: string) => risk('drop-table', `${table} would be dropped with all its rows`),
  dropColumn: (table: string, column: string) =>
    risk('drop-column', `${table}.${column} would be dropped with all its values`),
  dropConstraint: (table: string, constraint: string) =>
    risk('drop-constraint', `${table} would lose ${constraint}, and take rows that it refuses today`),
  narrowType: (column: string, from: string, to: string) =>
    risk(
      'narrow-type',
      `${column} would change from ${from} to ${to}, which does not hold every value; the whole table is locked and rewritten`,
    ),
  changeType: (column: string, from: string, to: string) =>
    risk(
      'change-type',
      `${column} would change from ${from} to ${to}, for which the whole table is locked and rewritten`,
    ),
  rewrite: (column: string, why: string) =>
    risk(
      'change-type',
      `${column} ${why}, for which the whole table is locked and rewritten`,
      'add a plain column, and fill it in batches with `npx qhub db migration create --blank`',
    ),
  notNullWithoutDefault: (column: string) =>
    risk(
      'not-null-without-default',
      `${column} would be added as not null without a default, which fails where the table has a row`,
      `give a default, or --backfill '${column}=<SQL expression>'; ${withSafe('add, backfill, check not valid, validate, set not null')}`,
    ),
  setNotNull: (column: string) =>
    risk(
      'blocking-constraint',
      `${column} would be set not null: the table is locked while every row is read, and one null makes it fail`,
      withSafe('check not valid, validate, set not null, drop the check'),
    ),
  cascade: (table: string, constraint: string, to: string) =>
    risk(
      'cascade',
      `${constraint} would delete or change rows of ${table} along with those of ${to}, unasked`,
      'use the rule restrict and delete in the code, where it can be seen',
    ),
  blockingIndex: (table: string, index: string, partitioned: boolean) =>
    risk(
      'blocking-index',
      `writes to ${table} would wait while ${index} is built`,
      partitioned
        ? 'a partitioned table cannot have it built concurrently: build it on each partition by hand (--blank), or allow it in a quiet hour'
        : withSafe('create index concurrently in a migration of its own'),
    ),
  droppedIndex: (table: string, index: string, partitioned: boolean) =>
    risk(
      'blocking-index',
      `${table} would be locked while ${index} is dropped, for a moment, and for as long as somebody reads it before that`,
      partitioned
        ? 'allow it in a quiet hour'
        : withSafe('drop index concurrently in a migration of its own'),
    ),
  blockingConstraint: (table: string, constraint: string, safeForm: string | undefined) =>
    risk(
      'blocking-constraint',
      `${table} would be locked while every row is held against ${constraint}`,
      safeForm === undefined ? 'allow it in a quiet hour' : withSafe(safeForm),
    ),
  rename: (what: string) =>
    risk('rename', `${what} would get another name, and running code would no longer find it`),
  backfill: (column: string) =>
    risk('data-change', `${column} would be filled in every row, in one transaction`),
};
