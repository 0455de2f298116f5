/**
 * What a statement that cannot run in a transaction leaves behind when it, or its runner, ends half-way: the catalog
 * tells how far it came, so that the next runner goes on from there.
 */
import type { LockMode } from './lock-modes.ts';
import type { SideConnection } from './side-connection.ts';

/** `done`: its effect is there. `half`: `repair` first. `absent`: it can run. `unknown`: the catalog doesn't tell. */
export type Found = 'done' | 'half' | 'absent' | 'unknown';

export type LoneStatement = {
  look(side: SideConnection): Promise<Found>;
  /** Takes away what is half there, or finishes it. */
  repair(side: SideConnection): Promise<void>;
  /** The strongest on each table, or on that of an index; undefined where nothing is known. By PostgreSQL's documentation. */
  readonly locks: readonly { readonly relation: string; readonly mode: LockMode }[] | undefined;
};

const name = String.raw`(?:"(?:[^"]|"")+"|[\w$\u0080-\uffff]+)`;
const qualified = String.raw`${name}(?:\s*\.\s*${name})?`;

const createIndex = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?<index>(?!on\b)${name})\s+on\s+(?:only\s+)?(?<table>${qualified})`,
  'i',
);
const dropIndex = new RegExp(
  String.raw`^drop\s+index\s+concurrently\s+(?:if\s+exists\s+)?(?<index>${qualified})\s*(?:restrict|cascade)?$`,
  'i',
);
const detach = new RegExp(
  String.raw`^alter\s+table\s+(?:if\s+exists\s+)?(?<table>${qualified})\s+detach\s+partition\s+(?<partition>${qualified})\s+concurrently$`,
  'i',
);
/** Run again they do no harm. */
const repeatable = /^(vacuum|analyze|analyse|cluster|checkpoint)\b/i;

/** What is known of a statement of the form that each of these has; others end as `unknown` after a crash. */
export function loneStatement(sql: string): LoneStatement {
  const [index, dropped, detached] = [createIndex, dropIndex, detach].map((form) => form.exec(sql)?.groups);
  if (index) return creationOf(index.index ?? '', index.table ?? '');
  if (dropped) return droppingOf(dropped.index ?? '');
  if (detached) return detachingOf(detached.table ?? '', detached.partition ?? '');
  const found = repeatable.test(sql) ? 'absent' : 'unknown';
  return { look: async () => found, repair: async () => {}, locks: undefined };
}

/** An index lies in the schema of its table, and its name in the statement has none. */
function creationOf(index: string, table: string): LoneStatement {
  const sql = `
    select i.indisvalid and i.indisready as whole, i.indexrelid::regclass::text as index
      from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = to_regclass($1) and c.relname = (parse_ident($2))[1]`;
  return {
    look: async (side) => {
      const { rows } = await side.query(sql, [table, index]);
      if (rows.length === 0) return 'absent';
      return rows[0]?.whole === true ? 'done' : 'half';
    },
    repair: async (side) => {
      const { rows } = await side.query(sql, [table, index]);
      await side.query(`drop index concurrently ${rows[0]?.index}`);
    },
    locks: [{ relation: table, mode: 'ShareUpdateExclusiveLock' }],
  };
}

/** A dropping that was cut off leaves an invalid index, which the same statement drops. */
function droppingOf(index: string): LoneStatement {
  return {
    look: async (side) => {
      const { rows } = await side.query('select to_regclass($1) is null as gone', [index]);
      return rows[0]?.gone === true ? 'done' : 'absent';
    },
    repair: async () => {},
    locks: [{ relation: index, mode: 'ShareUpdateExclusiveLock' }],
  };
}

function detachingOf(table: string, partition: string): LoneStatement {
  return {
    look: async (side) => {
      const { rows } = await side.query(
        `select inhdetachpending as pending from pg_inherits
          where inhparent = to_regclass($1) and inhrelid = to_regclass($2)`,
        [table, partition],
      );
      if (rows.length === 0) return 'done';
      return rows[0]?.pending === true ? 'half' : 'absent';
    },
    repair: async (side) => {
      await side.query(`alter table ${table} detach partition ${partition} finalize`);
    },
    locks: [
      { relation: table, mode: 'ShareUpdateExclusiveLock' },
      { relation: partition, mode: 'AccessExclusiveLock' },
    ],
  };
}
