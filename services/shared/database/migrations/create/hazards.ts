/** The words for each hazard: what it costs on a live database, and the way around. */
import type { Risk } from './change.ts';

const inTwoReleases =
  'expand and contract: release code that no longer uses it, then drop it in a later migration';
const withSafe = (form: string) => `--safe writes the safe form: ${form}`;

export const risks = {
  dropTable: (table: string): Risk => ({
    hazard: 'drop-table',
    reason: `${table} would be dropped with all its rows`,
    advice: inTwoReleases,
  }),
  dropColumn: (table: string, column: string): Risk => ({
    hazard: 'drop-column',
    reason: `${table}.${column} would be dropped with all its values`,
    advice: inTwoReleases,
  }),
  dropConstraint: (table: string, constraint: string): Risk => ({
    hazard: 'drop-constraint',
    reason: `${table} would lose ${constraint}, and take rows that it refuses today`,
    advice: 'make sure that nothing relies on it; the way back fails once such a row is stored',
  }),
  narrowType: (column: string, from: string, to: string): Risk => ({
    hazard: 'narrow-type',
    reason: `${column} would change from ${from} to ${to}, which does not hold every value; the whole table is locked and rewritten`,
    advice:
      'expand and contract: add a column of the new type, backfill it, move the code, drop the old one later',
  }),
  changeType: (column: string, from: string, to: string): Risk => ({
    hazard: 'change-type',
    reason: `${column} would change from ${from} to ${to}, for which the whole table is locked and rewritten`,
    advice:
      'expand and contract: add a column of the new type, backfill it, move the code, drop the old one later',
  }),
  rewrite: (column: string, why: string): Risk => ({
    hazard: 'change-type',
    reason: `${column} ${why}, for which the whole table is locked and rewritten`,
    advice: 'add a plain column, and fill it in batches with `npx qhub db migration create --blank`',
  }),
  notNullWithoutDefault: (column: string): Risk => ({
    hazard: 'not-null-without-default',
    reason: `${column} would be added as not null without a default, which fails where the table has a row`,
    advice: `give a default, or --backfill '${column}=<SQL expression>'; ${withSafe('add, backfill, check not valid, validate, set not null')}`,
  }),
  setNotNull: (column: string): Risk => ({
    hazard: 'blocking-constraint',
    reason: `${column} would be set not null: the table is locked while every row is read, and one null makes it fail`,
    advice: withSafe('check not valid, validate, set not null, drop the check'),
  }),
  cascade: (table: string, constraint: string, to: string): Risk => ({
    hazard: 'cascade',
    reason: `${constraint} would delete or change rows of ${table} along with those of ${to}, unasked`,
    advice: 'use the rule restrict and delete in the code, where it can be seen',
  }),
  blockingIndex: (table: string, index: string, partitioned: boolean): Risk => ({
    hazard: 'blocking-index',
    reason: `writes to ${table} would wait while ${index} is built`,
    advice: partitioned
      ? 'a partitioned table cannot have it built concurrently: build it on each partition by hand (--blank), or allow it in a quiet hour'
      : withSafe('create index concurrently in a migration of its own'),
  }),
  blockingConstraint: (table: string, constraint: string, safeForm: string | undefined): Risk => ({
    hazard: 'blocking-constraint',
    reason: `${table} would be locked while every row is held against ${constraint}`,
    advice: safeForm === undefined ? 'allow it in a quiet hour' : withSafe(safeForm),
  }),
  rename: (what: string): Risk => ({
    hazard: 'rename',
    reason: `${what} would get another name, and running code would no longer find it`,
    advice:
      'stop the old code first, or expand and contract: add the new one, move the code, drop the old one later',
  }),
  backfill: (column: string): Risk => ({
    hazard: 'data-change',
    reason: `${column} would be filled in every row, in one transaction`,
    advice: 'on a large table fill it in batches instead',
  }),
};
