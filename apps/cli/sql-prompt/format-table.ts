import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly name: string;
  readonly rightAligned: boolean;
}

/** Rows as psql shows them: a heading, a line, the rows, their number. NULL is left empty. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | null)[])[],
): string {
  const cells = rows.map((row) => row.map((value) => linesOf(value ?? '')));
  const widths = columns.map(({ name }, index) =>
    Math.max(widthOf(name), ...cells.flatMap((row) => (row[index] ?? []).map(widthOf))),
  );
  const heading = columns.map(({ name }, index) => ` ${centred(name, widths[index] ?? 0)} `).join('|');
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  const body = cells.map((row) => rowText(row, columns, widths));
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  return [heading.trimEnd(), rule, ...body, count].join('\n');
}

/** A value with line breaks takes several lines; control characters would change the terminal. */
function linesOf(value: string): string[] {
  return value.split('\n').map((line) => stripVTControlCharacters(line).replace(/\p{Cc}/gu, ' '));
}

function rowText(row: readonly string[][], columns: readonly Column[], widths: readonly number[]): string {
  const height = Math.max(1, ...row.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, at) =>
    columns
      .map(({ rightAligned }, index) => {
        const text = row[index]?.[at] ?? '';
        const space = ' '.repeat((widths[index] ?? 0) - widthOf(text));
        return ` ${rightAligned ? space + text : text + space} `;
      })
      .join('|')
      .trimEnd(),
  );
  return lines.join('\n');
}

function centred(text: string, width: number): string {
  const space = width - widthOf(text);
  return ' '.repeat(Math.floor(space / 2)) + text + ' '.repeat(Math.ceil(space / 2));
}

/** In characters; wide ones of East Asia count as one, so their columns may lean. */
function widthOf(text: string): number {
  return [...text].length;
}
