// The part of the data dictionary about one table.

import type {
  ColumnDescription,
  RightsDescription,
  TableDescription,
} from '../../../services/shared/database/models/index.ts';
import { anchor, blocks, code, link, table as markdownTable } from '../markdown.ts';
import { checkText } from './check-text.ts';
import { policyText } from './policy-text.ts';
import { roleText } from './role-text.ts';

function columnRow({ foreignKeys }: TableDescription, column: ColumnDescription): string[] {
  const key = foreignKeys.find(({ columns }) => columns.includes(column.name));
  const target = key ? ` (→ ${link(code(key.references), anchor(key.references))})` : '';
  return [
    column.primary ? `**${code(column.name)}**` : code(column.name),
    column.type,
    column.nullable ? 'yes' : '',
    column.default === undefined ? '' : code(column.default),
    `${column.comment}${target}`,
  ];
}

/** `select, update (status, properties)` */
function verbsText({ verbs }: RightsDescription): string {
  return Object.entries(verbs)
    .map(([verb, columns]) => (columns === true ? verb : `${verb} (${columns.map(code).join(', ')})`))
    .join(', ');
}

const rowSecurity = {
  off: 'Row security: off. The rows belong to nobody; the rights of the services decide.',
  on: 'Row security, not for the owner of the table:',
  forced: 'Row security, forced:',
};

/** Heading, meaning, columns, keys, checks, rights, policies and triggers of a table; what there is none of is left out. */
export function tableSection(table: TableDescription): string {
  const indexes = table.indexes.map(({ name, kind, on }) => [code(name), kind, code(on.replaceAll('"', ''))]);
  const foreignKeys = table.foreignKeys.map(({ name, columns, references, deleteRule }) => [
    code(name),
    columns.map(code).join(', '),
    link(code(references), anchor(references)),
    deleteRule,
  ]);
  const triggers = table.triggers.map(({ name, definition }) => `- ${code(name)}: ${definition}`);
  return blocks(
    `### ${code(`${table.schema}.${table.name}`)}`,
    table.comment,
    table.partitionedBy === undefined ? '' : `Partitioned by ${table.partitionedBy.replaceAll('"', '')}.`,
    markdownTable(
      ['column', 'type', 'null', 'default', 'meaning'],
      table.columns.map((column) => columnRow(table, column)),
    ),
    markdownTable(['key or index', 'kind', 'on'], indexes),
    markdownTable(['foreign key', 'column', 'refers to', 'when that is deleted'], foreignKeys),
    markdownTable(
      ['check', 'rule'],
      table.checks.map(({ name, expression }) => [code(name), checkText(expression)]),
    ),
    markdownTable(
      ['who', 'may'],
      table.rights.map((rights) => [roleText([rights.role]), verbsText(rights)]),
    ),
    rowSecurity[table.rowSecurity],
    table.policies.map((policy) => `- ${policyText(policy)}`).join('\n'),
    triggers.length === 0 ? '' : `Triggers:\n\n${triggers.join('\n')}`,
  );
}
