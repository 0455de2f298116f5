// docs/schema-changes.md: what each migration changes, for those who upgrade a hub or read its tables.
import { type Migration, readMigrations } from '../../services/shared/database/admin.ts';
import { type Document, generatedMark } from './documents.ts';
import { anchor, blocks, code, link, table } from './markdown.ts';

const introduction = `
Every migration, newest first, as its header describes it. A release brings those that its \`ORDER\` has and the database has not:
\`npx qhub db migration status\` lists them. How to write one: ${link('migrations', 'migrations.md')}.
`;

type Header = Migration['up']['header'];

const ways: Record<Header['reversible'], string> = {
  yes: 'yes',
  'loses data': 'yes, but rows or values are lost on one of the ways (`down --allow-data-loss`)',
  no: 'no',
};

/** The day of `20261122T170000_hub_schema`. */
function dayOf(name: string): string {
  return name.replace(/^(\d{4})(\d\d)(\d\d)T.*$/, '$1-$2-$3');
}

/** Header text is one line of plain words; in Markdown its signs would act. */
function plain(text: string): string {
  return text.replace(/[\\`*_<>[\]]/g, '\\$&');
}

function transactionOf({ up, down }: Migration): string {
  const modes = [up.header.transaction, down.header.transaction].map((mode) => mode === 'one');
  if (modes[0] === modes[1]) return modes[0] ? 'one' : 'none: its statement runs alone';
  return modes[0] ? 'one; on the way down none' : 'none: its statement runs alone; on the way down one';
}

function section(migration: Migration): string {
  const { description, breaking, hazards, reversible } = migration.up.header;
  const facts = [
    `- date: ${dayOf(migration.name)}`,
    `- breaking: ${breaking === undefined ? 'no' : `**yes**: ${plain(breaking)}`}`,
    `- hazards allowed: ${hazards.length === 0 ? 'none' : hazards.map(code).join(', ')}`,
    `- can be taken back: ${ways[reversible]}`,
    `- transaction: ${transactionOf(migration)}`,
  ];
  return blocks(`### ${code(migration.name)}`, plain(description), facts.join('\n'));
}

function breakingChanges(newestFirst: readonly Migration[]): string {
  const rows = newestFirst.flatMap(({ name, up: { header } }) =>
    header.breaking === undefined
      ? []
      : [[dayOf(name), plain(header.breaking), link(code(name), anchor(name))]],
  );
  return rows.length === 0
    ? 'None so far.'
    : table(['date', 'what whoever uses the schema must do', 'migration'], rows);
}

/** The document of the given migrations, in the order of ORDER; without an argument, of the hub's own. */
export function schemaChanges(migrations: readonly Migration[] = readMigrations()): Document {
  const newestFirst = migrations.toReversed();
  return {
    path: 'docs/schema-changes.md',
    text: blocks(
      generatedMark,
      '# Schema changes',
      introduction,
      '## Breaking changes',
      breakingChanges(newestFirst),
      '## All changes',
      ...newestFirst.map(section),
    ),
  };
}
