/** Which of the named hazards a statement is, as far as its text tells. */
import type { Hazard } from '../hazards.ts';
import { type SqlToken, sqlTokens } from '../sql-tokens.ts';
import { hasWords, nameAt, outside, partFrom, placesOf, wordsAt } from './words.ts';

/** One thing that may hurt; the header has to name one of `anyOf`. */
export type HazardFound = { readonly anyOf: readonly [Hazard, ...Hazard[]]; readonly what: string };

const found = (what: string, ...anyOf: [Hazard, ...Hazard[]]): HazardFound => ({ anyOf, what });

/** The hazards of a file's statements, one list a statement. What a file makes itself holds no rows and no callers yet. */
export function hazardsOf(statements: readonly (readonly SqlToken[])[]): HazardFound[][] {
  const made = new Set(statements.flatMap(tablesMade));
  return statements.map((tokens) => [
    ...ofDrop(tokens),
    ...ofTable(tokens, made),
    ...ofIndex(tokens, made),
    ...ofRename(tokens),
    ...ofData(tokens),
  ]);
}

function tablesMade(tokens: readonly SqlToken[]): string[] {
  const at = placesOf(tokens.slice(0, 5), 'table')[0];
  return wordsAt(tokens, 0, 'create') && at !== undefined ? [nameAt(tokens, at + 1)] : [];
}

function ofDrop(tokens: readonly SqlToken[]): HazardFound[] {
  const hazards: HazardFound[] = [];
  if (hasWords(tokens.slice(0, 3), 'drop table', 'drop foreign table', 'drop materialized view')) {
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

function ofTable(tokens: readonly SqlToken[], made: ReadonlySet<string>): HazardFound[] {
  if (!hasWords(tokens.slice(0, 3), 'alter table', 'alter foreign table')) return [];
  const start = (placesOf(tokens, 'table')[0] ?? 0) + 1;
  if (made.has(nameAt(tokens, start))) return [];
  return actionsOf(tokens, start).flatMap(ofAction);
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

function ofAdd(action: readonly SqlToken[]): HazardFound[] {
  const own = outside(action);
  const isConstraint = /^(constraint|check|foreign|unique|primary|exclude)$/.test(action[1]?.text ?? '');
  if (isConstraint) {
    const harmless = hasWords(own, 'not valid', 'using index');
    return harmless ? [] : [blocking('adding a constraint')];
  }
  const hazards: HazardFound[] = [];
  if (hasWords(own, 'not null') && !hasWords(own, 'default', 'generated')) {
    hazards.push(found('a column that is not null and has no default', 'not-null-without-default'));
  }
  if (hasWords(own, 'check', 'references', 'unique', 'primary key'))
    hazards.push(blocking('adding a column with a constraint'));
  return hazards;
}

function ofIndex(tokens: readonly SqlToken[], made: ReadonlySet<string>): HazardFound[] {
  const kind = tokens[0]?.text ?? '';
  const isIndex =
    hasWords(tokens.slice(0, 3), 'create index', 'create unique index', 'drop index') || kind === 'reindex';
  if (!isIndex || hasWords(tokens.slice(0, 5), 'concurrently')) return [];
  const on = placesOf(tokens, 'on')[0];
  if (kind === 'create' && on !== undefined && made.has(nameAt(tokens, on + 1))) return [];
  return [found(`${kind} index without concurrently`, 'blocking-index')];
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
