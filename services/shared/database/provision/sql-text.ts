/** Quoting for SQL that must stand as text: DDL takes no bind parameters, and a printed script has none. */

/** `we"ird` -> `"we""ird"`. Throws on what PostgreSQL cannot hold as a name, instead of letting it be cut at 63 bytes. */
export function identifier(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > 63) {
    throw new TypeError(`${JSON.stringify(name)} is no PostgreSQL name: expected 1 to 63 bytes without NUL.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** `it's` -> `'it''s'`; right whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
  if (text.includes('\0')) throw new TypeError('A PostgreSQL text cannot hold a NUL character.');
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}

/** `[['a', 'b']]` -> `array[['a', 'b']]::text[]`, for `foreach ... slice 1`, which keeps the order. */
export function literalRows(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => `      [${row.map(literal).join(', ')}]`);
  return `array[\n${lines.join(',\n')}\n    ]::text[]`;
}

/** A `do` block; its dollar quote is one that no name or text inside can end. */
export function doBlock(body: string): string {
  let tag = '$qhub$';
  for (let n = 1; body.includes(tag); n += 1) tag = `$qhub${n}$`;
  return `do ${tag}\n${body.trim()}\n${tag};`;
}
