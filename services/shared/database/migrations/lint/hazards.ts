/** Which of the named hazards a statement is, as far as its text tells. */
import type { Hazard } from '../hazards.ts';
import { type SqlToken, sqlTokens } from '../sql-tokens.ts';
import { hasWords, nameAt, outside, partFrom, placesOf, wordsAt } from './words.ts';

/** One thing that may hurt; the header has to name one of `anyOf`. */
export type HazardFound = {
  readonly anyOf: readonly [Hazard, ...Hazard[]];
  readonly what: string;
  /** The text doesn't tell whether it is one: the header may name it and need not. */
  readonly isUnsure?: true;
};

const found = (what: string, ...anyOf: [Hazard, ...Hazard[]]): HazardFound => ({ anyOf, what });

type File = {
  /** Tables that it makes: they hold no rows and have no callers yet. */
  readonly made: ReadonlySet<string>;
  /** What its statements do to tables, as `table verb kind name`, such as `a.b add constraint c`; also `add index i`. */
  readonly done: ReadonlySet<string>;
};

/** The hazards of a file's statements, one list a statement. */
export function hazardsOf(statements: readonly (readonly SqlToken[])[]): HazardFound[][] {
  const file: File = {
    made: new Set(statements.flatMap(tablesMade)),
    done: new Set(statements.flatMap(deedsOf)),
  };
  return statements.map((tokens) => [
    ...ofDrop(tokens, file),
    ...ofTable(tokens, file),
    ...ofIndex(tokens, file),
    ...ofRename(tokens),
    ...ofData(tokens),
  ]);
}

function deedsOf(tokens: readonly SqlToken[]): string[] {
  if (wordsAt(tokens, 0, 'drop table')) return [`drop table ${nameAt(tokens, 2)}`];
  const at = placesOf(tokens.slice(0, 4), 'index')[0];
  if (wordsAt(tokens, 0, 'create') && at !== undefined) return [`add index ${nameAt(tokens, at + 1)}`];
  if (wordsAt(tokens, 0, 'create materialized view')) return [`add view ${nameAt(tokens, 3)}`];
  const table = alteredTable(tokens);
  if (table === undefined) return [];
  return actionsOf(tokens, table.start).map((action) => deedOf(table.name, action));
}

function deedOf(table: string, action: readonly SqlToken[]): string {
  const [verb, kind] = action.map(({ text }) => text);
  const isNamed = kind === 'column' || kind === 'constraint';
  return `${table} ${verb} ${isNamed ? kind : 'column'} ${nameAt(action, isNamed ? 2 : 1)}`;
}

function alteredTable(tokens: readonly SqlToken[]): { name: string; start: number } | undefined {
  if (!hasWords(tokens.slice(0, 3), 'alter table', 'alter foreign table')) return undefined;
  const start = (placesOf(tokens, 'table')[0] ?? 0) + 1;
  return { name: nameAt(tokens, start), start };
}

function tablesMade(tokens: readonly SqlToken[]): string[] {
  if (wordsAt(tokens, 0, 'create materialized view')) return [nameAt(tokens, 3)];
  const at = placesOf(tokens.slice(0, 5), 'table')[0];
  return wordsAt(tokens, 0, 'create') && at !== undefined ? [nameAt(tokens, at + 1)] : [];
}

function ofDrop(tokens: readonly SqlToken[], { done }: File): HazardFound[] {
  const hazards: HazardFound[] = [];
  const isView = wordsAt(tokens, 0, 'drop materialized view');
  const isReplaced = isView && done.has(`add view ${nameAt(tokens, 3)}`);
  if (isView ? !isReplaced : hasWords(tokens.slice(0, 3), 'drop table', 'drop foreign table')) {
    hazards.push(found('drop table', 'drop-table'));
  }
  const cascades = placesOf(tokens, 'cascade').some(
    (at) => !/^(delete|update)$/.test(tokens[at - 1]?.text ?? ''),
  );
  if (cascades && /^(drop|truncate|alter)$/.test(tokens[0]?.text ?? '')) {
    hazards.push(found('cascade', 'cascade'));
  }
  return hazards;
}

function ofTable(tokens: readonly SqlToken[], file: File): HazardFound[] {
  const table = alteredTable(tokens);
  if (table === undefined || file.made.has(table.name)) return [];
  return actionsOf(tokens, table.start).flatMap((action) => {
    if (isAnswered(table.name, action, file))
      return wordsAt(action, 0, 'drop column') ? [replacedColumn] : [];
    const mayGoWithColumn = wordsAt(action, 0, 'drop constraint') && droppedColumns(file.done, table.name);
    return ofAction(action).map((hazard) => (mayGoWithColumn ? { ...hazard, isUnsure: true } : hazard));
  });
}

/** What was computed is computed anew, but what was stored is lost, and the text doesn't tell which it was. */
const replacedColumn: HazardFound = { ...found('drop column', 'drop-column'), isUnsure: true };

/** What comes back in the same file is replaced. */
function isAnswered(table: string, action: readonly SqlToken[], { done }: File): boolean {
  const deed = deedOf(table, action);
  if (deed.startsWith(`${table} drop `)) {
    const goesWhole = done.has(`drop table ${table}`);
    return (
      goesWhole || / drop constraint .*_not_null$/.test(deed) || done.has(deed.replace(' drop ', ' add '))
    );
  }
  // PostgreSQL reads no row where a validated check, as `create --safe` names it, says the same.
  const column = / alter column (?<name>.*)$/.exec(deed)?.groups?.name;
  const bare = table.slice(table.indexOf('.') + 1);
  return hasWords(action, 'set not null') && done.has(`${table} drop constraint ${bare}_${column}_not_null`);
}

/** The actions of `alter table t action, action`: each from its verb to the next comma. */
function actionsOf(tokens: readonly SqlToken[], start: number): SqlToken[][] {
  const first = tokens.findIndex(
    ({ kind, text }, at) =>
      at > start && kind === 'word' && /^(add|drop|alter|rename|set|attach|detach|validate)$/.test(text),
  );
  const actions: SqlToken[][] = [];
  for (let at = first; at >= 0 && at < tokens.length; ) {
    const action = partFrom(tokens, at);
    actions.push(action);
    at += action.length + 1;
  }
  return actions;
}

function ofAction(action: readonly SqlToken[]): HazardFound[] {
  const begins = (words: string) => wordsAt(action, 0, words);
  if (begins('drop constraint')) return [found('drop constraint', 'drop-constraint')];
  if (begins('drop')) return [found('drop column', 'drop-column')];
  if (begins('alter') && hasWords(action, 'type')) {
    return [found('another type', 'change-type', 'narrow-type')];
  }
  if (begins('alter') && hasWords(action, 'set not null')) {
    return [found('set not null', 'blocking-constraint', 'not-null-without-default')];
  }
  return begins('add') ? ofAdd(action) : [];
}

const blocking = (what: string) => found(what, 'blocking-constraint');

/** What is another value each time it is asked for. */
const volatile = [
  'random (',
  'gen_random_uuid (',
  'uuidv7 (',
  'clock_timestamp (',
  'timeofday (',
  'nextval (',
];

function ofAdd(action: readonly SqlToken[]): HazardFound[] {
  const own = outside(action);
  const isConstraint = /^(constraint|check|foreign|unique|primary|exclude)$/.test(action[1]?.text ?? '');
  if (isConstraint) {
    const isLate = hasWords(own, 'not valid', 'using index');
    const cascades = hasWords(own, 'delete cascade', 'update cascade');
    return [
      ...(isLate ? [] : [blocking('adding a constraint')]),
      ...(cascades ? [found('a foreign key that deletes or changes rows along', 'cascade')] : []),
    ];
  }
  const hazards: HazardFound[] = [];
  const isGiven = hasWords(own, 'identity', 'serial', 'bigserial') || hasWords(action, ...volatile);
  if (hasWords(own, 'generated', 'stored') || isGiven) {
    hazards.push(found('a column with a value of its own in every row', 'change-type'));
  }
  if (hasWords(own, 'not null') && !hasWords(own, 'default', 'generated')) {
    hazards.push(found('a column that is not null and has no default', 'not-null-without-default'));
  }
  if (hasWords(own, 'check', 'references', 'unique', 'primary key'))
    hazards.push(blocking('adding a column with a constraint'));
  return hazards;
}

function ofIndex(tokens: readonly SqlToken[], { made, done }: File): HazardFound[] {
  const kind = tokens[0]?.text ?? '';
  const isIndex =
    hasWords(tokens.slice(0, 3), 'create index', 'create unique index', 'drop index') || kind === 'reindex';
  if (!isIndex || hasWords(tokens.slice(0, 5), 'concurrently')) return [];
  if (kind === 'drop' && done.has(`add index ${bareNameOf(tokens)}`)) return [];
  const on = placesOf(tokens, 'on')[0];
  if (kind === 'create' && on !== undefined && made.has(nameAt(tokens, on + 1))) return [];
  const hazard = found(`${kind} index without concurrently`, 'blocking-index');
  return [kind === 'drop' && droppedColumns(done) ? { ...hazard, isUnsure: true } : hazard];
}

/** Constraints and indexes go with a column, and nothing tells which ones do. */
function droppedColumns(done: ReadonlySet<string>, table = ''): boolean {
  return [...done].some(
    (deed) =>
      deed.startsWith(table) && deed.includes(' drop column ') && !done.has(deed.replace(' drop ', ' add ')),
  );
}

function bareNameOf(dropIndex: readonly SqlToken[]): string {
  const name = nameAt(dropIndex, 2);
  return name.slice(name.lastIndexOf('.') + 1);
}

function ofRename(tokens: readonly SqlToken[]): HazardFound[] {
  if (!wordsAt(tokens, 0, 'alter') || /^(index|policy|trigger)$/.test(tokens[1]?.text ?? '')) return [];
  const at = placesOf(tokens, 'rename')[0];
  const renames = at !== undefined && !wordsAt(tokens, at, 'rename constraint');
  const moves = hasWords(tokens, 'set schema');
  return renames || moves ? [found('another name', 'rename')] : [];
}

/** Also in the body of a `do` block. */
function ofData(tokens: readonly SqlToken[]): HazardFound[] {
  const verbs = ['insert into', 'update', 'delete from', 'truncate', 'merge into', 'copy'];
  const bodies = wordsAt(tokens, 0, 'do') ? tokens.filter(({ kind }) => kind === 'string') : [];
  const inBody = bodies.some(({ text }) =>
    hasWords(sqlTokens(text), 'insert into', 'delete from', 'truncate', 'update'),
  );
  const inWith = wordsAt(tokens, 0, 'with') && hasWords(tokens, ...verbs);
  const own = verbs.some((verb) => wordsAt(tokens, 0, verb));
  return own || inWith || inBody ? [found('a change of rows', 'data-change')] : [];
}
