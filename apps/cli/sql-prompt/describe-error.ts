/** The fields of a PostgreSQL error that its reader wants. */
interface Fields {
  readonly severity?: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
}

/** An error as psql shows it: with the line of the statement and a mark under the place. */
export function describeError(error: unknown, statement: string): string {
  const { severity = 'ERROR', message, detail, hint, position } = error as Fields;
  return [
    `${severity}:  ${message}`,
    ...(position ? placeOf(statement, Number(position)) : []),
    ...(detail ? [`DETAIL:  ${detail}`] : []),
    ...(hint ? [`HINT:  ${hint}`] : []),
  ].join('\n');
}

/** `position` counts characters from 1. */
function placeOf(statement: string, position: number): string[] {
  const before = [...statement].slice(0, position - 1).join('');
  const number = before.split('\n').length;
  const line = statement.split('\n')[number - 1] ?? '';
  const column = [...(before.split('\n').at(-1) ?? '')].length;
  const label = `LINE ${number}: `;
  return [`${label}${line}`, `${' '.repeat(label.length + column)}^`];
}
