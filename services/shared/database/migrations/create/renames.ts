/** Which dropped table or column is which added one under another name: always answered by a person, never guessed. */
import { hubError } from '@quantum-hub/kernel';
import type { Catalog, Table } from './catalog.ts';

export type RenameQuestion = {
  readonly kind: 'table' | 'column';
  /** `schema.table` or `schema.table.column`. */
  readonly dropped: string;
  /** What was added that looks like it. */
  readonly added: readonly string[];
};

export type RenameAnswers = {
  /** `old=new`, qualified as far as it has to be. */
  readonly renames: readonly string[];
  /** All other pairs are a drop and an add. */
  readonly noRename: boolean;
  /** Asks a person; gives one of `added`, or undefined when nothing was renamed. */
  readonly ask?: (question: RenameQuestion) => Promise<string | undefined>;
};

export type Rename = { readonly kind: 'table' | 'column'; readonly from: string; readonly to: string };

type Item = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly shape: string;
  /** Is made anew rather than renamed. */
  readonly isComputed?: boolean;
};
type Choices = {
  readonly kind: 'table' | 'column';
  /** All that there are before and after: what is named may also change places with what stays. */
  readonly before: readonly Item[];
  readonly after: readonly Item[];
  readonly dropped: readonly Item[];
  readonly added: readonly Item[];
  readonly isLike: (dropped: Item, added: Item) => boolean;
};

export function tableChoices(from: Catalog, to: Catalog): Choices {
  const items = ({ tables }: Catalog): Item[] =>
    [...tables.values()].map((table) => ({
      name: table.key,
      aliases: [table.key],
      shape: JSON.stringify(shapeOf(table)),
    }));
  return choicesOf('table', items(from), items(to), areAlike);
}

function choicesOf(
  kind: Choices['kind'],
  before: readonly Item[],
  after: readonly Item[],
  isLike: Choices['isLike'],
): Choices {
  const without = (items: readonly Item[], others: readonly Item[]) =>
    items.filter(({ name, isComputed }) => !isComputed && !others.some((other) => other.name === name));
  return { kind, before, after, dropped: without(before, after), added: without(after, before), isLike };
}

/** What tells a table from others: every table has an id and its times. */
function shapeOf({ columns }: Table): string[] {
  return [...columns.values()]
    .filter(({ name }) => !['id', 'created_at', 'updated_at'].includes(name))
    .map(({ name, type }) => `${name} ${type}`);
}

/** The same name elsewhere, or at least half of the columns of the smaller one: asked once too often rather than not. */
function areAlike(dropped: Item, added: Item): boolean {
  const [a, b] = [dropped, added].map(({ shape }) => new Set(JSON.parse(shape) as string[])) as [
    Set<string>,
    Set<string>,
  ];
  const common = [...a].filter((column) => b.has(column)).length;
  const bare = ({ name }: Item) => name.slice(name.indexOf('.') + 1);
  return bare(dropped) === bare(added) || common * 2 >= Math.min(a.size, b.size);
}

/** `from` is the catalog in which tables have their new names already; `renamed` are those. */
export function columnChoices(from: Catalog, to: Catalog, renamed: readonly Rename[]): Choices[] {
  return [...to.tables.values()].flatMap((table) => {
    const last = from.tables.get(table.key);
    if (last === undefined) return [];
    const old = renamed.find((rename) => rename.to === table.key)?.from ?? table.key;
    const items = ({ columns }: Table): Item[] =>
      [...columns.values()].map(({ name, type, generated }) => ({
        name: `${table.key}.${name}`,
        aliases: [`${table.key}.${name}`, `${old}.${name}`],
        shape: type,
        isComputed: generated !== null,
      }));
    const isLike = (a: Item, b: Item) => a.shape === b.shape;
    return [choicesOf('column', items(last), items(table), isLike)];
  });
}

/** The pairs that `--rename` names among these choices; what it names elsewhere is left for the next ones. */
export function namedRenames(choices: readonly Choices[], renames: readonly string[]): Map<string, Rename> {
  const found = new Map<string, Rename>();
  for (const text of renames) {
    const [, old = '', next = ''] = /^([^=]+)=([^=]+)$/.exec(text.trim()) ?? [];
    const dropped = pairsAmong(choices, (kind) => [kind.dropped, kind.added], old, next);
    const pairs =
      dropped.length > 0 ? dropped : pairsAmong(choices, (kind) => [kind.before, kind.after], old, next);
    const [pair, ...others] = pairs;
    if (pair === undefined) continue;
    if (others.length > 0) {
      const meant = pairs.map(({ from, to }) => `--rename ${from}=${to}`).join(' or ');
      throw hubError('database.rename_ambiguous', { rename: text, meant });
    }
    found.set(text, pair);
  }
  refuseTaken(choices, found);
  return found;
}

function pairsAmong(
  choices: readonly Choices[],
  sidesOf: (choices: Choices) => readonly [readonly Item[], readonly Item[]],
  old: string,
  next: string,
): Rename[] {
  return choices.flatMap((choice) => {
    const [before, after] = sidesOf(choice);
    return before
      .filter((item) => !item.isComputed && isCalled(item, old))
      .flatMap((from) =>
        after
          .filter((item) => !item.isComputed && isCalled(item, next) && item.name !== from.name)
          .map((to): Rename => ({ kind: choice.kind, from: from.name, to: to.name })),
      );
  });
}

/** A name that something has, which keeps it or gets no other; and one that two are to have. */
function refuseTaken(choices: readonly Choices[], found: ReadonlyMap<string, Rename>): void {
  const names = new Set(choices.flatMap(({ before }) => before.map(({ name }) => name)));
  const all = [...found];
  for (const [text, { from, to }] of all) {
    const isTaken = names.has(to) && !all.some(([, other]) => other.from === to);
    const isTwice = all.some(
      ([other, rename]) => other !== text && (rename.to === to || rename.from === from),
    );
    if (isTaken || isTwice) throw hubError('database.rename_taken', { rename: text, taken: to });
  }
}

function isCalled({ aliases }: Item, name: string): boolean {
  return name !== '' && aliases.some((alias) => alias === name || alias.endsWith(`.${name}`));
}

/** Answers the rest: by asking, or by `--no-rename`; without either a pair of like shape is refused. */
export async function decideRenames(
  choices: readonly Choices[],
  named: readonly Rename[],
  { noRename, ask }: RenameAnswers,
): Promise<Rename[]> {
  const decided = [...named];
  const questions = openQuestions(choices, decided);
  if (noRename || questions.length === 0) return decided;
  if (ask === undefined) throw undecided(questions);
  for (const question of questions) {
    const added = question.added.filter((name) => !decided.some(({ to }) => to === name));
    if (added.length === 0) continue;
    const answer = await ask({ ...question, added });
    if (answer !== undefined) decided.push({ kind: question.kind, from: question.dropped, to: answer });
  }
  return decided;
}

function openQuestions(choices: readonly Choices[], decided: readonly Rename[]): RenameQuestion[] {
  return choices
    .flatMap(({ kind, dropped, added, isLike }) =>
      dropped
        .filter(({ name }) => !decided.some(({ from }) => from === name))
        .map((from) => ({
          kind,
          dropped: from.name,
          added: added
            .filter((to) => isLike(from, to) && !decided.some((rename) => rename.to === to.name))
            .map(({ name }) => name),
        })),
    )
    .filter((question) => question.added.length > 0);
}

function undecided(questions: readonly RenameQuestion[]): Error {
  const pairs = questions
    .map(({ dropped, added }) => added.map((name) => `--rename ${dropped}=${name}`).join(' or '))
    .join('; ');
  return hubError('database.rename_undecided', { pairs });
}

/** Refuses a `--rename` that nothing was found for. */
export function refuseUnknown(
  renames: readonly string[],
  known: ReadonlySet<string>,
  choices: readonly Choices[],
): void {
  const unknown = renames.find((text) => !known.has(text));
  if (unknown === undefined) return;
  const list = (items: readonly Item[]) => items.map(({ name }) => name).join(', ') || 'nothing';
  throw hubError('database.rename_unknown', {
    rename: unknown,
    dropped: list(choices.flatMap(({ dropped }) => dropped)),
    added: list(choices.flatMap(({ added }) => added)),
  });
}
