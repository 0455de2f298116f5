import type { AdminConnection } from '@quantum-hub/database/admin';
import { type Column, formatTable } from './format-table.ts';

/** What node-postgres gives for one statement when rows are asked for as arrays of text. */
interface RawResult {
  readonly command: string | null;
  readonly rowCount: number | null;
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** int8, int2, int4, oid, float4, float8, numeric. */
const numberTypes = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** Values as the server writes them, not as JavaScript reads them. */
const asText = { getTypeParser: () => (text: string) => text };

/** Runs one text of SQL and gives what is to be shown; throws PostgreSQL's error as it is. */
export async function runStatement(
  connection: AdminConnection,
  sql: string,
  values?: readonly string[],
): Promise<string> {
  const query = { text: sql, values: values as unknown[], rowMode: 'array', types: asText };
  const answer = (await connection.client.query(query as never)) as unknown as RawResult | RawResult[];
  const results = Array.isArray(answer) ? answer : [answer];
  return results.map(show).filter(Boolean).join('\n');
}

function show({ command, rowCount, fields, rows }: RawResult): string {
  if (fields.length === 0) return [command, rowCount].filter((part) => part !== null).join(' ');
  const columns = fields.map(
    ({ name, dataTypeID }): Column => ({ name, rightAligned: numberTypes.has(dataTypeID) }),
  );
  return `${formatTable(columns, rows)}\n`;
}
