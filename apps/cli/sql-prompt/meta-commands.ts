/** The few commands with a backslash that the prompt of our own knows, as SQL. */
const help = `  \\dt [schema]   the tables
  \\d table       a table's columns
  \\q             leave
SQL runs when a line ends it with a semicolon; Ctrl-C drops what was typed or stops what runs.`;

const tables = `
select n.nspname as "Schema", c.relname as "Name", coalesce(obj_description(c.oid, 'pg_class'), '') as "Description"
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
   and case when $1 = '' then n.nspname !~ '^(pg_|information_schema$)' else n.nspname = $1 end
 order by 1, 2`;

const columns = `
select n.nspname || '.' || c.relname as "Table", a.attname as "Column", format_type(a.atttypid, a.atttypmod) as "Type",
       case when a.attnotnull then 'not null' else '' end as "Nullable",
       coalesce(col_description(c.oid, a.attnum), '') as "Description"
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relname = split_part($1, '.', greatest(1, 1 + length($1) - length(replace($1, '.', ''))))
   and ($1 !~ '[.]' or n.nspname = split_part($1, '.', 1)) and n.nspname !~ '^pg_toast'
 order by 1, a.attnum`;

export type MetaCommand =
  | { readonly kind: 'quit' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'query'; readonly sql: string; readonly value: string };

/** Reads a line that begins with a backslash. */
export function readMetaCommand(line: string): MetaCommand {
  const [command, value = ''] = line.trim().split(/\s+/);
  const name = value.replace(/;$/, '');
  switch (command) {
    case '\\q':
      return { kind: 'quit' };
    case '\\?':
      return { kind: 'text', text: help };
    case '\\dt':
      return { kind: 'query', sql: tables, value: name };
    case '\\d':
      return name ? { kind: 'query', sql: columns, value: name } : { kind: 'query', sql: tables, value: '' };
    default:
      return { kind: 'text', text: `There is no ${command} in this small prompt; it knows:\n${help}` };
  }
}
