/** What may hurt a live database or its callers: one list, for what is generated, what is linted and what headers say. */

type HazardText = {
  /** What it costs, after "this statement:". */
  readonly cost: string;
  /** What to do instead. */
  readonly instead: string;
  /** Rules of squawk that are about it: a header that names the hazard has answered them. */
  readonly squawk: readonly string[];
};

const inTwoReleases =
  'expand and contract: release code that no longer uses it, then drop it in a later migration';
const anotherColumn =
  'expand and contract: add a column of the new type, backfill it, move the code, drop the old one later';

const texts = {
  'drop-table': {
    cost: 'the table goes with all its rows',
    instead: inTwoReleases,
    squawk: ['ban-drop-table'],
  },
  'drop-column': {
    cost: 'the column goes with all its values',
    instead: inTwoReleases,
    squawk: ['ban-drop-column'],
  },
  'drop-constraint': {
    cost: 'rows are taken from then on that were refused',
    instead: 'make sure that nothing relies on it; the way back fails once such a row is stored',
    squawk: [],
  },
  'narrow-type': {
    cost: 'not every value fits, and the table is locked and rewritten',
    instead: anotherColumn,
    squawk: ['changing-column-type'],
  },
  'change-type': {
    cost: 'the table is locked and rewritten',
    instead: anotherColumn,
    squawk: ['changing-column-type'],
  },
  'not-null-without-default': {
    cost: 'it fails where the table has a row',
    instead: "give a default, or --backfill 'schema.table.column=<SQL expression>'",
    squawk: ['adding-not-nullable-field', 'adding-required-field'],
  },
  cascade: {
    cost: 'what depends on it is dropped, deleted or changed along with it, unasked',
    instead: 'name each object, use the rule restrict, and delete in the code, where it can be seen',
    squawk: ['ban-truncate-cascade'],
  },
  rename: {
    cost: 'running code no longer finds the old name',
    instead:
      'stop the old code first, or expand and contract: add the new one, move the code, drop the old one later',
    squawk: ['renaming-column', 'renaming-table'],
  },
  'blocking-index': {
    cost: 'the table is locked meanwhile, and its writers wait',
    instead: 'do it concurrently, in a migration of its own (create: --safe)',
    squawk: [
      'require-concurrent-index-creation',
      'require-concurrent-index-deletion',
      'require-concurrent-reindex',
    ],
  },
  'blocking-constraint': {
    cost: 'the table is locked while every row is read',
    instead: 'add it not valid, and validate it in a later migration (create: --safe)',
    squawk: [
      'adding-not-nullable-field',
      'adding-field-with-default',
      'adding-foreign-key-constraint',
      'constraint-missing-not-valid',
      'disallowed-unique-constraint',
    ],
  },
  'data-change': {
    cost: 'rows are changed, in one transaction',
    instead: 'on a large table change them in batches: docs/backfills-and-partitions.md',
    squawk: [],
  },
} as const satisfies Readonly<Record<string, HazardText>>;

export type Hazard = keyof typeof texts;

export const hazards: Readonly<Record<Hazard, HazardText>> = texts;

export const hazardNames = Object.keys(texts) as readonly Hazard[];
