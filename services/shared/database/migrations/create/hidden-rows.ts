/**
 * Row security hides rows from the owner of a table under FORCE, and PostgreSQL asks as the owner whether the rows that
 * are there keep a new foreign key: it sees none, and takes the key for kept. So the maintenance role is asked too.
 */
import { maintenanceRole, ownerRole } from '../../provision/roles.ts';
import type { Catalog, Constraint, Table } from './catalog.ts';
import { literal, quote } from './change.ts';
import type { HiddenRows } from './rule-changes.ts';

/** A referenced table that is only made now holds no rows, and nobody has rights on it yet. What is not valid is held against none. */
export function hiddenRowsIn(from: Catalog): HiddenRows {
  return (table, constraint) => {
    const references = from.tables.get(constraint.references ?? '');
    const isHidden = references?.forceRowSecurity || from.tables.get(table.key)?.forceRowSecurity;
    const isHeld = references !== undefined && !constraint.definition.endsWith(' NOT VALID');
    return isHeld && isHidden ? checkSql(table, references, constraint) : undefined;
  };
}

function checkSql(table: Table, references: Table, { name, columns, referenced }: Constraint): string {
  const given = columns.map((column) => `a.${quote(column)} is not null`).join(' and ');
  const same = columns
    .map((column, at) => `b.${quote(referenced[at] ?? '')} = a.${quote(column)}`)
    .join(' and ');
  const message = `rows of ${table.key} refer to nothing in ${references.key}, against ${name}`;
  return `set local role ${maintenanceRole};
do $$
begin
  if exists (
    select from ${quote(table.schema, table.name)} a
     where ${given} and not exists (select from ${quote(references.schema, references.name)} b where ${same})
  ) then
    raise foreign_key_violation using message = ${literal(message)};
  end if;
end
$$;
set local role ${ownerRole}`;
}
