// A Mermaid entity-relationship diagram of one domain. Tables of other domains appear by name only.
import type {
  ForeignKeyDescription,
  TableDescription,
} from '../../../services/shared/database/models/index.ts';

function keysOf(table: TableDescription, column: string): string {
  const unique = table.indexes.some(
    ({ kind, columns }) => kind === 'unique' && columns.length === 1 && columns[0] === column,
  );
  const keys = [
    table.columns.some(({ name, primary }) => primary && name === column) ? 'PK' : '',
    table.foreignKeys.some(({ columns }) => columns.includes(column)) ? 'FK' : '',
    unique ? 'UK' : '',
  ];
  return keys.filter((key) => key !== '').join(', ');
}

function entity(table: TableDescription): string {
  const lines = table.columns.map(({ name, type }) =>
    // Mermaid takes no blanks in a type: `double precision` becomes `double_precision`.
    `    ${type.replace(/[^\w()[\]]+/g, '_')} ${name} ${keysOf(table, name)}`.trimEnd(),
  );
  return [`  ${table.name} {`, ...lines, '  }'].join('\n');
}

/** Exactly one or at most one on the far side, any number or at most one on the near side. */
function relation(table: TableDescription, key: ForeignKeyDescription): string {
  const nullable = table.columns.some(({ name, nullable }) => nullable && key.columns.includes(name));
  const single = table.indexes.some(
    ({ kind, columns }) => kind !== 'index' && columns.join() === key.columns.join(),
  );
  const target = key.references.split('.').at(-1);
  return `  ${target} ${nullable ? '|o' : '||'}--${single ? 'o|' : 'o{'} ${table.name} : "${key.columns.join(', ')}"`;
}

/** The diagram of one domain's tables, as a fenced block that GitHub draws. */
export function diagram(tables: readonly TableDescription[]): string {
  const relations = tables.flatMap((table) => table.foreignKeys.map((key) => relation(table, key)));
  return ['```mermaid', 'erDiagram', ...relations, ...tables.map(entity), '```'].join('\n');
}
