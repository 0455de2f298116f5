/**
 * Constraints, indexes, triggers, policies and the sequences of columns that differ in nothing but the name get the other name: those that
 * carry the name of a renamed table or column, above all. Nothing is stored in a name, so nobody is asked.
 */
import type { Catalog, Constraint, Table } from './catalog.ts';
import { quote } from './change.ts';
import { inOrder, type Move, possibleMoves, spareName } from './rename-order.ts';
import type { TwoWay } from './rename-sql.ts';

type Part = { readonly name: string; readonly definition: string };

/** One that gets another name; `room` is where names have to differ. */
type PartMove = Move & { readonly room: string; readonly sql: Renaming };
type Renaming = (from: string, to: string) => string;

export function renameParts(from: Catalog, to: Catalog): TwoWay[] {
  const moves = [...to.tables.values()].flatMap((table) => {
    const last = from.tables.get(table.key);
    return last === undefined ? [] : movesIn(last, table);
  });
  return [...Map.groupBy([...moves, ...sequenceMoves(from, to)], ({ room }) => room)].flatMap(
    ([room, all]) => {
      const names = namesIn(from, room);
      const possible = possibleMoves(all, names);
      return stepsOf(possible, () => spareName((name) => names.has(name)));
    },
  );
}

/** A part keeps its way of being renamed while it waits elsewhere. */
function stepsOf(moves: readonly PartMove[], spare: () => string): TwoWay[] {
  const sqlOf = new Map(moves.map(({ from, sql }) => [from, sql]));
  return inOrder(moves, spare).flatMap(({ from, to }) => {
    const sql = sqlOf.get(from);
    if (sql === undefined) return [];
    sqlOf.set(to, sql);
    return [{ up: sql(from, to), down: sql(to, from) }];
  });
}

function movesIn(from: Table, to: Table): PartMove[] {
  const alter = `alter table ${quote(to.schema, to.name)}`;
  const on: (kind: string) => Renaming = (kind) => (a, b) =>
    `alter ${kind} ${quote(a)} on ${quote(to.schema, to.name)} rename to ${quote(b)}`;
  const constraint: Renaming = (a, b) => `${alter} rename constraint ${quote(a)} to ${quote(b)}`;
  const index: Renaming = (a, b) => `alter index ${quote(to.schema, a)} rename to ${quote(b)}`;
  return [
    ...renamed(from.constraints, to.constraints).map(([part, other]) => ({
      from: part.name,
      to: other.name,
      room: hasIndex(part) ? relationsOf(from) : `constraint ${from.key}`,
      sql: constraint,
    })),
    ...renamed(from.indexes, to.indexes).map(([part, other]) => ({
      from: part.name,
      to: other.name,
      room: relationsOf(from),
      sql: index,
    })),
    ...(['trigger', 'policy'] as const).flatMap((kind) => {
      const list = kind === 'trigger' ? 'triggers' : 'policies';
      return renamed<Part>(from[list], to[list]).map(([part, other]) => ({
        from: part.name,
        to: other.name,
        room: `${kind} ${from.key}`,
        sql: on(kind),
      }));
    }),
  ];
}

/** The sequence of a column is called after table and column. */
function sequenceMoves(from: Catalog, to: Catalog): PartMove[] {
  const owned = ({ inventory }: Catalog) =>
    [...inventory.values()].flatMap(({ kind, facts, details }) =>
      kind === 'sequence' && facts['owned by'] !== undefined
        ? [{ column: facts['owned by'], schema: String(details.schema), name: String(details.name) }]
        : [],
    );
  const wanted = new Map(owned(to).map(({ column, name }) => [column, name]));
  return owned(from).flatMap(({ column, schema, name }): PartMove[] => {
    const next = wanted.get(column);
    if (next === undefined || next === name) return [];
    const sql: Renaming = (a, b) => `alter sequence ${quote(schema, a)} rename to ${quote(b)}`;
    return [{ from: name, to: next, room: relationsIn(schema), sql }];
  });
}

function hasIndex({ kind }: Constraint): boolean {
  return kind === 'p' || kind === 'u' || kind === 'x';
}

function relationsOf({ schema }: Table): string {
  return relationsIn(schema);
}

function relationsIn(schema: string): string {
  return `relation ${schema}`;
}

/** The names that are taken in a room. */
function namesIn(catalog: Catalog, room: string): Set<string> {
  const sequences = [...catalog.inventory.values()]
    .filter(({ kind, details }) => kind === 'sequence' && room === relationsIn(String(details.schema)))
    .map(({ details }) => String(details.name));
  return new Set(
    [...catalog.tables.values()]
      .flatMap((table) => {
        const { constraints, indexes, triggers, policies, key } = table;
        if (room === relationsOf(table)) {
          const own = [...constraints.values()].filter(hasIndex).map(({ name }) => name);
          return [table.name, ...indexes.keys(), ...own];
        }
        if (room === `constraint ${key}`) return [...constraints.keys()];
        if (room === `trigger ${key}`) return [...triggers.keys()];
        return room === `policy ${key}` ? [...policies.keys()] : [];
      })
      .concat(sequences),
  );
}

/** Pairs of like definition; what has its name on both sides, unchanged, stays. */
function renamed<P extends Part>(
  from: ReadonlyMap<string, P>,
  to: ReadonlyMap<string, P>,
): (readonly [P, P])[] {
  const isSame = ({ name, definition }: Part, others: ReadonlyMap<string, Part>) =>
    others.get(name)?.definition === definition;
  const added = [...to.values()].filter((part) => !isSame(part, from));
  const gone = [...from.values()].filter((part) => !isSame(part, to));
  return gone.flatMap((part) => {
    const at = added.findIndex((other) => other.name !== part.name && nameless(other) === nameless(part));
    if (at === -1) return [];
    const [other] = added.splice(at, 1);
    return other === undefined ? [] : [[part, other] as const];
  });
}

/** Definitions of indexes and triggers begin with their name. */
function nameless({ definition }: Part): string {
  return definition.replace(/^(CREATE [A-Z ]*(INDEX|TRIGGER)) ("(?:[^"]|"")+"|\S+)/, '$1');
}
